/** A plan for people: what changes, from what to what, and which access is gained and lost by it. */

import { type Violation, violationText } from '../access/violations.ts';
import { groupBy } from '../model/keys.ts';
import { formatRole, formatUser } from '../model/names.ts';
import type { Effect } from '../plan/access-moved.ts';
import { handlerOf } from '../plan/operations/handlers.ts';
import { isRecordOperation, type Operation } from '../plan/operations/operation.ts';
import { targetKey } from '../plan/operations/target-key.ts';
import type { Plan } from '../plan/plan.ts';
import { accessText } from './access-diff-text.ts';
import { shownDiff } from './diff-line.ts';
import { count, oneLine, WIDTH, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { rewritesText } from './rewrite-text.ts';
import { diffLines } from './textdiff.ts';

const MARK_STYLES = { '+': 'green', '~': 'yellow', '-': 'red' } as const;

/** The whole plan, the verdict last. `pending`: what it is made on top of. */
export function planText(
  plan: Plan,
  paint: Paint,
  pending: Pending = [],
  violations: readonly Violation[] = [],
): string {
  const rewritten = new Set(plan.rewrites.flatMap(({ users }) => users.map(formatUser)));
  const shown = plan.operations.filter(
    (operation) => !isRecordOperation(operation) && !(isRoleChange(operation) && rewritten.has(operation.target)),
  );
  const blocks = byTarget(shown).map((group) => groupText(group, plan, paint));
  const obstacles = plan.obstacles.map(({ message, at }) => {
    const where = at === undefined ? '' : ` (${at.file}:${at.line})`;
    return `${paint('red', 'x')} ${wrap(`${message}${where}`, 2)}`;
  });
  const orphans = plan.orphans.map(
    ({ kind, target }) =>
      `${paint('yellow', '!')} ${wrap(`${kind} ${target} has left the policy: --prune drops or forgets it`, 2)}`,
  );
  return [
    pendingText(pending),
    ...blocks,
    ...rewritesText(plan, paint),
    violationsText(violations, paint),
    ...[obstacles, orphans].map((lines) => lines.join('\n')),
    closing(plan, paint, pending, violations),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** What the table of rewritten accounts tells already. */
function isRoleChange({ kind }: Operation): boolean {
  return kind === 'grantRolesToUser' || kind === 'revokeRolesFromUser';
}

/** The heading of an operation: `+ create role auditWriter@audit`. */
export function operationTitle(operation: Operation, paint: Paint): string {
  const [mark, title] = handlerOf(operation.kind).heading;
  const gap = 3 + title.length + operation.target.length > WIDTH ? '\n    ' : ' ';
  return `${paint(MARK_STYLES[mark], mark)} ${title}${gap}${paint('bold', oneLine(operation.target))}`;
}

/** Each object once, where it is first touched: what becomes of it in all. */
function byTarget(operations: readonly Operation[]): readonly Group[] {
  return [...groupBy(operations, targetKey).values()];
}

type Group = readonly [Operation, ...Operation[]];

function groupText(group: Group, { effects, managed }: Plan, paint: Paint): string {
  const [first] = group;
  const { text, at } = first.reason;
  const why = at === undefined ? text : `${text} (${at.file}:${at.line})`;
  const steps = group.map(({ kind }) => handlerOf(kind).heading[1]);
  const covers = managed.find(({ role }) => formatRole(role) === first.target)?.covers;
  const summary = covers === undefined || first.before !== undefined ? undefined : coverText(covers);
  const lines = summary === undefined ? shownDiff(diffLines(first.before, group.at(-1)?.after), paint) : [];
  const password = group.some((operation) => 'password' in operation)
    ? [`    ${paint('green', '+password: read when it is applied, never shown')}`]
    : [];
  const moved = (side: keyof Effect, label: string): string[] =>
    group.flatMap(({ id }) =>
      (effects.get(id)?.[side] ?? []).map((change) => `    ${paint('cyan', label)} ${wrap(accessText(change), 11)}`),
    );
  return [
    operationTitle(first, paint),
    ...(steps.length > 1 ? [`    ${paint('dim', wrap(`then ${steps.slice(1).join(', then ')}`, 4))}`] : []),
    `    ${paint('dim', wrap(why, 4))}`,
    ...(summary === undefined ? [] : [`    ${wrap(summary, 4)}`]),
    ...lines,
    ...password,
    ...moved('gained', 'gained'),
    ...moved('lost', 'lost  '),
  ].join('\n');
}

const MOST_COVERED = 20;

/** A managed role is a role that people know, written out: the JSON has every privilege. */
function coverText(covers: readonly string[]): string {
  if (covers.length === 0) return 'the same, without what is denied';
  const rest = covers.length - MOST_COVERED;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `the same on each of these instead of on all there are: ${covers.slice(0, MOST_COVERED).join(', ')}${more}`;
}

type Pending = readonly { readonly name: string }[];

function pendingText(pending: Pending): string {
  if (pending.length === 0) return '';
  return `On top of ${count(pending.length, 'pending migration')}:\n${pending.map(({ name }) => `  ${name}`).join('\n')}`;
}

function violationsText(violations: readonly Violation[], paint: Paint): string {
  if (violations.length === 0) return '';
  const lines = violations.map((violation) => {
    const { file, line } = violation.origin();
    return `  ${paint('red', 'x')} ${wrap(`${violationText(violation)} (${file}:${line})`, 4)}`;
  });
  return [paint('red', 'What would be written violates what the policies demand:'), ...lines].join('\n');
}

function closing(plan: Plan, paint: Paint, pending: Pending, violations: readonly Violation[]): string {
  const { create, change, drop, record, undecided, breakGlass } = planCounts(plan);
  const open = undecided === 0 ? '' : ` ${count(undecided, 'account')} to decide about.`;
  const exempt = breakGlass === 0 ? '' : ` ${count(breakGlass, 'break-glass account')} exempt.`;
  if (plan.obstacles.length > 0) {
    return paint('bold', wrap(`This plan can't be applied: ${count(plan.obstacles.length, 'obstacle')}.`, 0, WIDTH));
  }
  if (violations.length > 0) {
    return paint('bold', wrap(`This plan can't be applied: ${count(violations.length, 'violation')}.`, 0, WIDTH));
  }
  if (plan.operations.length === 0) {
    const is = pending.length === 0 ? 'the cluster is' : 'with what is pending, the cluster will be';
    return paint('bold', wrap(`Nothing to do: ${is} as the policy "${plan.policy}" says.${open}${exempt}`, 0));
  }
  const entries = `${record} ${record === 1 ? 'entry' : 'entries'} in the ownership record`;
  return paint(
    'bold',
    wrap(`${create} to create, ${change} to change, ${drop} to drop; ${entries}.${open}${exempt}`, 0),
  );
}

export interface PlanCounts {
  /** Accounts whose grants are rewritten, left for a person to decide about, and exempt. */
  readonly rewritten: number;
  readonly undecided: number;
  readonly breakGlass: number;
  readonly create: number;
  readonly change: number;
  readonly drop: number;
  readonly record: number;
}

export function planCounts({ operations, rewrites, undecided, breakGlass }: Plan): PlanCounts {
  const objects = operations.filter((operation) => !isRecordOperation(operation));
  const marked = (mark: string): number => objects.filter(({ kind }) => handlerOf(kind).heading[0] === mark).length;
  return {
    create: marked('+'),
    change: marked('~'),
    drop: marked('-'),
    record: operations.length - objects.length,
    rewritten: rewrites.reduce((sum, { users }) => sum + users.length, 0),
    undecided: undecided.length,
    breakGlass,
  };
}
