/** A plan for people: what changes, from what to what, and who gains and loses access by it. */

import { type Violation, violationText } from '../access/violations.ts';
import { groupBy } from '../model/keyed.ts';
import { formatRole } from '../model/names.ts';
import { handlerOf } from '../plan/operations/handlers.ts';
import { isRecordOperation, type Operation } from '../plan/operations/operation.ts';
import { targetKey } from '../plan/operations/target-key.ts';
import { isDroppedByPrune } from '../plan/ownership.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanWarning } from '../plan/warnings.ts';
import { accountChangesText } from './account-changes-text.ts';
import { shownDiff } from './diff-line.ts';
import { type Evidence, evidenceText } from './evidence.ts';
import { count, oneLine, WIDTH, wrap } from './layout.ts';
import { isLeftOpen } from './left-open.ts';
import { type Paint, plain } from './paint.ts';
import { costTexts, reachByAccount, undecidedTexts } from './rewrite-text.ts';
import { diffLines } from './textdiff.ts';

const MARK_STYLES = { '+': 'green', '~': 'yellow', '-': 'red' } as const;

export interface PlanTextOptions {
  /** What the plan is made on top of. */
  readonly pending?: readonly { readonly name: string }[];
  /** What it would violate. */
  readonly violations?: readonly Violation[];
  /** What is violated today, and stays so. */
  readonly open?: readonly Violation[];
  /** Everything, also what is folded otherwise: losses, accounts that gain nothing, long lists. */
  readonly full?: boolean;
  /** What it is made from, where it is a report. */
  readonly evidence?: Evidence;
}

/** A plan, or the operations of a migration file as one. */
export type ShownPlan = Pick<Plan, 'policy' | 'operations' | 'accounts' | 'warnings'> & Partial<Plan>;

/** Above it, objects are counted by what happens to them. */
const MOST_OBJECTS = 200;

/** The whole plan: what it violates, who gains, who loses, which objects change; the summary last. */
export function planText(plan: ShownPlan, paint: Paint, options: PlanTextOptions = {}): string {
  const { pending = [], violations = [], open = [], full = false, evidence } = options;
  const shown = objectOperations(plan);
  const groups = byTarget(shown);
  const objects = groups.length > MOST_OBJECTS && !full ? [countsText(shown)] : objectTexts(groups, plan, paint, full);
  const obstacles = (plan.obstacles ?? []).map(({ message, at }) => {
    const where = at === undefined ? '' : ` (${at.file}:${at.line})`;
    return `${paint('red', 'x')} ${wrap(`${message}${where}`, 2, paint.width)}`;
  });
  const orphans = (plan.orphans ?? []).map(
    (orphan) => `${paint('yellow', '!')} ${wrap(orphanText(orphan), 2, paint.width)}`,
  );
  return [
    pendingText(pending),
    violationsText('What would be written violates what the policies demand:', violations, paint),
    violationsText('What the policy protects stays open:', open, paint),
    ...accountChangesText(plan.accounts, paint, { full, reach: reachByAccount(plan.rewrites ?? []) }),
    ...(plan.accounts.length > 0 && objects.length > 0 ? [paint('bold', 'Objects:')] : []),
    ...objects,
    ...costTexts(plan.managed ?? [], paint),
    ...undecidedTexts(plan.undecided ?? [], paint, full),
    ...[warningTexts(plan.warnings, paint), obstacles, orphans].map((lines) => lines.join('\n')),
    evidence === undefined ? '' : evidenceText(evidence, paint),
    paint('bold', wrap(closingText(plan, options), 0, paint.width)),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** `role r@audit has left the policy: --prune drops it` */
export function orphanText(orphan: Plan['orphans'][number]): string {
  const { kind, target } = orphan;
  return `${kind} ${target} has left the policy: --prune ${isDroppedByPrune(orphan) ? 'drops' : 'forgets'} it`;
}

/** `+ create role auditWriter@audit`: each object that changes, once; by kind where there are many, unless `full`. */
export function planObjects(plan: ShownPlan, full: boolean): readonly string[] {
  const shown = objectOperations(plan);
  const groups = byTarget(shown);
  if (groups.length > MOST_OBJECTS && !full) return countLines(shown);
  return groups.map(([first]) => operationTitle(first, plain).replaceAll(/\s+/g, ' '));
}

function objectOperations({ operations }: ShownPlan): readonly Operation[] {
  return operations.filter((operation) => !isRecordOperation(operation) && !isRoleChange(operation));
}

/** What to know before. `indent`: columns before each. */
export function warningTexts(warnings: readonly PlanWarning[], paint: Paint, indent = 0): readonly string[] {
  return warnings.map(({ message, at }) => {
    const where = at === undefined ? '' : ` (${at.file}:${at.line})`;
    return `${' '.repeat(indent)}${paint('yellow', '!')} ${wrap(`${message}${where}`, indent + 2, paint.width)}`;
  });
}

/** More lines than these are folded to what becomes of each object: what that gives and takes, the accounts say. */
const MOST_OBJECT_LINES = 40;

function objectTexts(groups: readonly Group[], plan: ShownPlan, paint: Paint, full: boolean): readonly string[] {
  const texts = (shown: Paint): readonly string[] => groups.map((group) => groupText(group, plan, shown, full));
  // In one width for all, so that no terminal folds what another shows.
  const lines = full ? 0 : texts(plain).reduce((sum, text) => sum + text.split('\n').length + 1, 0);
  if (lines <= MOST_OBJECT_LINES) return texts(paint);
  const stands = groups.some((group) => summaryOf(group, plan) !== undefined);
  const notes = [
    ...(stands ? ['A role called NAME-except-… stands for NAME, without what is denied.'] : []),
    '--full shows what changes in each.',
  ];
  const titles = groups.map(([first]) => operationTitle(first, paint));
  return [[...titles, ...notes.map((note) => paint('dim', note))].join('\n')];
}

/** `12 times create role`, the most frequent first. */
function countLines(operations: readonly Operation[]): readonly string[] {
  return [...groupBy(operations, ({ kind }) => handlerOf(kind).heading[1])]
    .map(([words, list]) => ({ words, times: list.length }))
    .sort((a, b) => b.times - a.times || (a.words < b.words ? -1 : 1))
    .map(({ words, times }) => `${String(times).padStart(6)} times ${words}`);
}

function countsText(operations: readonly Operation[]): string {
  return [...countLines(operations).map((line) => `  ${line}`), '--full shows each.'].join('\n');
}

/** What the accounts tell already. */
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

/** Of a managed role that is made: what it stands for. */
function summaryOf([first]: Group, { managed = [] }: ShownPlan): string | undefined {
  const covers = managed.find(({ role }) => formatRole(role) === first.target)?.covers;
  return covers === undefined || first.before !== undefined ? undefined : coverText(covers);
}

function groupText(group: Group, plan: ShownPlan, paint: Paint, full: boolean): string {
  const [first] = group;
  const { text, at } = first.reason;
  const why = at === undefined ? text : `${text} (${at.file}:${at.line})`;
  const steps = group.map(({ kind }) => handlerOf(kind).heading[1]);
  const summary = full ? undefined : summaryOf(group, plan);
  const lines = summary === undefined ? shownDiff(diffLines(first.before, group.at(-1)?.after), paint, full) : [];
  const password = group.some((operation) => 'password' in operation)
    ? [`    ${paint('green', '+password: read when it is applied, never shown')}`]
    : [];
  return [
    operationTitle(first, paint),
    ...(steps.length > 1
      ? [`    ${paint('dim', wrap(`then ${steps.slice(1).join(', then ')}`, 4, paint.width))}`]
      : []),
    `    ${paint('dim', wrap(why, 4, paint.width))}`,
    ...(summary === undefined ? [] : [`    ${wrap(summary, 4, paint.width)}`]),
    ...lines,
    ...password,
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

type Pending = NonNullable<PlanTextOptions['pending']>;

function pendingText(pending: Pending): string {
  if (pending.length === 0) return '';
  const names = pending.map(({ name }) => `  ${name}`).join('\n');
  return `On top of ${count(pending.length, 'pending migration')}:\n${names}\nmigrate status shows who gains by ${pending.length === 1 ? 'it' : 'them'}.`;
}

function violationsText(heading: string, violations: readonly Violation[], paint: Paint): string {
  if (violations.length === 0) return '';
  const lines = violations.map((violation) => {
    const { file, line } = violation.origin();
    return `  ${paint('red', 'x')} ${wrap(`${violationText(violation)} (${file}:${line})`, 4, paint.width)}`;
  });
  return [paint('red', heading), ...lines].join('\n');
}

/** The last line: what there is to do, or why it can't be done. */
export function closingText(
  plan: ShownPlan,
  { pending = [], violations = [], open = [] }: Pick<PlanTextOptions, 'pending' | 'violations' | 'open'>,
): string {
  const { create, change, drop, record, undecided, breakGlass } = planCounts(plan);
  const left =
    open.length === 0
      ? ''
      : ` ${count(open.length, 'violation')} of today ${open.length === 1 ? 'stays' : 'stay'} open.`;
  const decide = undecided === 0 ? '' : ` ${count(undecided, 'account')} to decide about.`;
  const exempt = breakGlass === 0 ? '' : ` ${count(breakGlass, 'break-glass account')} exempt.`;
  if ((plan.obstacles?.length ?? 0) > 0) {
    return `This plan can't be applied: ${count(plan.obstacles?.length ?? 0, 'obstacle')}.`;
  }
  if (violations.length > 0) return `This plan can't be applied: ${count(violations.length, 'violation')}.`;
  if (plan.operations.length === 0) {
    const is = pending.length === 0 ? 'the cluster is' : 'with what is pending, the cluster will be';
    const isSound = left === '' && !isLeftOpen(plan);
    const done = isSound
      ? `${is} as the policy "${plan.policy}" says.`
      : `the policy "${plan.policy}" changes nothing.`;
    return `Nothing to do: ${done}${left}${decide}${exempt}`;
  }
  const entries = `${record} ${record === 1 ? 'entry' : 'entries'} in the ownership record`;
  return `${create} to create, ${change} to change, ${drop} to drop; ${entries}.${left}${decide}${exempt}`;
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

export function planCounts({ operations, rewrites = [], undecided = [], breakGlass = 0 }: ShownPlan): PlanCounts {
  const marked = { '+': 0, '~': 0, '-': 0 };
  let record = 0;
  for (const operation of operations) {
    if (isRecordOperation(operation)) record += 1;
    else marked[handlerOf(operation.kind).heading[0]] += 1;
  }
  return {
    create: marked['+'],
    change: marked['~'],
    drop: marked['-'],
    record,
    rewritten: rewrites.reduce((sum, { users }) => sum + users.length, 0),
    undecided: undecided.length,
    breakGlass,
  };
}
