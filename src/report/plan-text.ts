/** A plan for people: what changes, from what to what, and which access is gained and lost by it. */
import type { Effect } from '../diff/effect.ts';
import type { Operation, OperationKind } from '../diff/operation.ts';
import type { Plan } from '../migrate/plan.ts';
import { accessText } from './access-diff-text.ts';
import { count, WIDTH, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { diffLines, paintDiffLine } from './textdiff.ts';

const TITLES: Readonly<Record<OperationKind, readonly [mark: '+' | '~' | '-', title: string]>> = {
  createCollection: ['+', 'create collection'],
  collMod: ['~', 'change validation of'],
  createIndex: ['+', 'create index'],
  dropIndex: ['-', 'drop index'],
  createRole: ['+', 'create role'],
  grantPrivilegesToRole: ['~', 'grant privileges to role'],
  grantRolesToRole: ['~', 'grant roles to role'],
  updateRole: ['~', 'change restrictions of role'],
  revokeRolesFromRole: ['~', 'revoke roles from role'],
  revokePrivilegesFromRole: ['~', 'revoke privileges from role'],
  dropRole: ['-', 'drop role'],
  createUser: ['+', 'create user'],
  grantRolesToUser: ['~', 'grant roles to user'],
  updateUser: ['~', 'change user'],
  revokeRolesFromUser: ['~', 'revoke roles from user'],
  dropUser: ['-', 'drop user'],
  recordObject: ['~', 'record'],
  forgetObject: ['~', 'forget'],
};

const MARK_STYLES = { '+': 'green', '~': 'yellow', '-': 'red' } as const;

/** The whole plan, the verdict last. */
export function planText(plan: Plan, unchecked: readonly string[], paint: Paint): string {
  const shown = plan.operations.filter((operation) => !isRecord(operation));
  const blocks = shown.map((operation) => operationText(operation, plan.effects.get(operation.id), paint));
  const obstacles = plan.obstacles.map(({ message, at }) => {
    const where = at === undefined ? '' : ` (${at.file}:${at.line})`;
    return `${paint('red', 'x')} ${wrap(`${message}${where}`, 2)}`;
  });
  const orphans = plan.orphans.map(
    ({ kind, target }) =>
      `${paint('yellow', '!')} ${wrap(`${kind} ${target} has left the policy: --prune drops or forgets it`, 2)}`,
  );
  const notes = [...orphans, ...unchecked.map((part) => paint('dim', `Not carried out yet: ${wrap(part, 21)}`))];
  return [...blocks, ...[obstacles, notes].map((lines) => lines.join('\n')), verdict(plan, paint)]
    .filter((block) => block !== '')
    .join('\n\n');
}

function isRecord({ kind }: Operation): boolean {
  return kind === 'recordObject' || kind === 'forgetObject';
}

/** The heading of an operation: `+ create role auditWriter@audit`. */
export function operationTitle(operation: Operation, paint: Paint): string {
  const [mark, title] = TITLES[operation.kind];
  const gap = 3 + title.length + operation.target.length > WIDTH ? '\n    ' : ' ';
  return `${paint(MARK_STYLES[mark], mark)} ${title}${gap}${paint('bold', operation.target)}`;
}

function operationText(operation: Operation, effect: Effect | undefined, paint: Paint): string {
  const { text, at } = operation.reason;
  const why = at === undefined ? text : `${text} (${at.file}:${at.line})`;
  const { before, after } = operation;
  const lines = diffLines(before, after).map((line) => `    ${paintDiffLine(line, paint)}`);
  const password =
    'password' in operation ? [`    ${paint('green', '+password: read when it is applied, never shown')}`] : [];
  return [
    operationTitle(operation, paint),
    `    ${paint('dim', wrap(why, 4))}`,
    ...lines,
    ...password,
    ...(effect?.gained ?? []).map((change) => `    ${paint('cyan', 'gained')} ${wrap(accessText(change), 11)}`),
    ...(effect?.lost ?? []).map((change) => `    ${paint('cyan', 'lost')}   ${wrap(accessText(change), 11)}`),
  ].join('\n');
}

function verdict(plan: Plan, paint: Paint): string {
  const { create, change, drop, record } = planCounts(plan);
  if (plan.obstacles.length > 0) {
    return paint('bold', wrap(`This plan can't be applied: ${count(plan.obstacles.length, 'obstacle')}.`, 0, WIDTH));
  }
  if (plan.operations.length === 0) {
    return paint('bold', wrap(`Nothing to do: the cluster is as the policy "${plan.policy}" says.`, 0));
  }
  const entries = `${record} ${record === 1 ? 'entry' : 'entries'} in the ownership record`;
  return paint('bold', `${create} to create, ${change} to change, ${drop} to drop; ${entries}.`);
}

export interface PlanCounts {
  readonly create: number;
  readonly change: number;
  readonly drop: number;
  readonly record: number;
}

export function planCounts({ operations }: Plan): PlanCounts {
  const objects = operations.filter((operation) => !isRecord(operation));
  const marked = (mark: string): number => objects.filter(({ kind }) => TITLES[kind][0] === mark).length;
  return {
    create: marked('+'),
    change: marked('~'),
    drop: marked('-'),
    record: operations.length - objects.length,
  };
}
