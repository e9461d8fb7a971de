/** Carries a plan out on a cluster: reads first, writes only what is missing, reads again and proves the result. */

import type { Violation } from '../access/violations.ts';
import { Failure } from '../failure.ts';
import type { UserRef } from '../model/names.ts';
import { describeOperation } from '../plan/operations/describe-operation.ts';
import { type DataKeyOperation, isDataKeyOperation, type Operation } from '../plan/operations/operation.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { differenceText, progressOf } from '../plan/progress.ts';
import type { Intent, SecretReference } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';
import type { Cluster, HeldLock, KeyService, LockState } from './cluster.ts';
import { openViolations, refuseViolations } from './demands.ts';
import { carryOut, settle, type WrittenRun } from './execute.ts';
import { guard } from './guards.ts';

import { type JournalEntry, type JournalRun, type JournalStatus, operationsOf } from './journal.ts';
import { policyHash } from './policy-hash.ts';
import { toldToday } from './told-changes.ts';

/** What whoever changes a cluster is told, by a policy or by files. */
export interface ExecutionOptions {
  /** Everything but the writes: reads, compares, guards, looks for the secrets. */
  readonly dryRun?: boolean;
  /** Set passwords anew of users that get back a mechanism. */
  readonly allowReplace?: boolean;
  /** How long to wait for somebody else's lock, in milliseconds; 60 s unless given. */
  readonly lockTimeoutMs?: number;
  /** Reads a secret when it is needed; throws a Failure if it is not there. */
  secret(reference: SecretReference, user: string): string;
  /**
   * Gets ready what carries operations on data encryption keys out; asked only where there are any. Throws a Failure
   * that says what is lacking.
   */
  keys?(operations: readonly DataKeyOperation[]): Promise<KeyService>;
  /** Told once if somebody else has the lock. */
  waiting?(holder: LockState): void;
  /** Told after each operation. */
  progress?(operation: Operation): void;
  /** What the cluster is held against, before the first write and after the last: all the policies of the run. */
  readonly policies?: readonly Intent[];
  /** `YYYY-MM-DD`: by it exemptions have ended, and data encryption keys are too old. */
  readonly today?: string;
}

export interface ApplyOptions extends ExecutionOptions {
  readonly prune?: boolean;
  /** The users whose passwords are set anew. */
  readonly rotate?: readonly UserRef[];
  /** The plan that somebody approved, where it has to be that. */
  readonly approval?: Approval;
  /** Shows the plan and asks; `false` stops with nothing written. */
  confirm(plan: Plan, actual: ClusterState): Promise<boolean>;
}

/** A plan that was approved. */
export interface Approval {
  /** Which one it is, for the journal: a later run may go on with it. */
  readonly hash: string;
  /**
   * Throws a Failure if the plan of today is neither that nor what is left of it; asked before anything else is judged.
   * `journal`: all of it.
   */
  judge(plan: Plan, actual: ClusterState, journal: readonly JournalEntry[]): void;
}

export type ApplyResult =
  | { readonly outcome: 'in-place' | 'dry-run'; readonly plan: Plan; readonly state: ClusterState }
  | { readonly outcome: 'declined'; readonly plan: Plan }
  | { readonly outcome: 'applied'; readonly plan: Plan; readonly done: number; readonly state: ClusterState };

/**
 * Makes the cluster what the policy says. With nothing to do it takes no lock and writes nothing. Throws a Failure, with
 * what is done and what is left, if something stands in the way, a target was changed meanwhile, the server refuses a
 * command, or the cluster is afterwards not as it should be. Running it again goes on where it stopped.
 */
export async function applyPolicy(cluster: Cluster, intent: Intent, given: ApplyOptions): Promise<ApplyResult> {
  const { prune = false, rotate = [], today, approval, policies = [intent] } = given;
  const options = { ...given, policies };
  const dated = today === undefined ? {} : { today };
  const [actual, known] = await Promise.all([
    cluster.read(),
    cluster.journal(prune || approval !== undefined ? 'all' : 'unfinished'),
  ]);
  const made = prune ? { made: operationsOf(known, intent.policy) } : {};
  const plan = makePlan(intent, actual, { prune, ...made, rotate, ...dated });
  approval?.judge(plan, actual, known);
  refuseObstacles(plan);
  const { operations, desired } = plan;
  const settled = !known.some(
    ({ kind, status }) => kind === 'policy' && (status === 'running' || status === 'rollingBack'),
  );
  if (operations.length === 0 && settled) return { outcome: 'in-place', plan, state: actual };
  refuseReplacements(operations, options);
  refuseViolations(actual, desired, options);
  guard({ operations, actual, desired }, await cluster.operator());
  const secrets = readSecrets(operations, options);
  const keys = await keyService(operations, options);
  if (options.dryRun === true) return { outcome: 'dry-run', plan, state: actual };
  if (operations.length > 0 && !(await options.confirm(plan, actual))) return { outcome: 'declined', plan };
  return cluster.withLock(lockOptions(options), async (held) => {
    const [now, entries] = await Promise.all([cluster.read(), cluster.journal('unfinished')]);
    const { left, changed } = progressOf(operations, now);
    refuseChanged(changed, now);
    await settlePolicies(held, entries, intent, left);
    if (left.length === 0) return { outcome: 'applied', plan, done: 0, state: now };
    const id = `policy ${intent.policy} ${held.since.toISOString()}`;
    const hash = policyHash(intent);
    const run = await carryOut(held, {
      subject: {
        id,
        kind: 'policy',
        policy: intent.policy,
        policyHash: hash,
        ...(approval && { fileHash: approval.hash }),
        direction: 'apply',
        runs: 0,
        ...toldToday(plan.accounts, plan.warnings),
      },
      operations,
      left,
      secrets,
      keys,
      ...progressTo(options),
    });
    const state = await cluster.read();
    const rest = makePlan(intent, state, { prune, ...dated });
    await finishProven(
      run,
      'applied',
      [...rest.operations.map(describeOperation), ...rest.obstacles.map(({ message }) => message)],
      openViolations(actual, state, options),
    );
    return { outcome: 'applied', plan, done: left.length, state };
  });
}

const LOCK_TIMEOUT_MS = 60_000;

export function lockOptions({ lockTimeoutMs = LOCK_TIMEOUT_MS, waiting }: ExecutionOptions) {
  return { waitMs: lockTimeoutMs, ...(waiting && { waiting }) };
}

export function progressTo({ progress }: ExecutionOptions): Pick<ExecutionOptions, 'progress'> {
  return progress === undefined ? {} : { progress };
}

/** Throws a Failure that names everything that stands in the way of a plan. */
export function refuseObstacles({ obstacles, policy }: Plan): void {
  if (obstacles.length === 0) return;
  const details = obstacles.map(({ message, at }) =>
    at === undefined ? message : `${at.file}:${at.line}: ${message}`,
  );
  throw new Failure(`the policy "${policy}" can't be carried out as it stands`, {
    details,
    advice: 'nothing was changed; mend what is named above and plan again',
  });
}

/** A password that is set anew because a mechanism comes back may not be the one that its user has by now. */
export function refuseReplacements(operations: readonly Operation[], { allowReplace }: ExecutionOptions): void {
  const replaced = operations.filter(
    (operation) => operation.kind === 'updateUser' && operation.password !== undefined,
  );
  if (replaced.length === 0 || allowReplace === true) return;
  throw new Failure('giving a mechanism back replaces the password', {
    details: replaced.map(({ target }) => `${target} would get the password that the policy names`),
    advice: 'nothing was changed; add --allow-replace if that is meant',
  });
}

/** All secrets before the first write, by operation: one that is missing must not leave half a plan behind. */
export function readSecrets(operations: readonly Operation[], options: ExecutionOptions): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  for (const operation of operations) {
    if (!('password' in operation) || operation.password === undefined) continue;
    secrets.set(operation.id, options.secret(operation.password, operation.target));
  }
  return secrets;
}

/** What makes and rewraps data encryption keys, before the first write; nothing where no operation is about any. */
export async function keyService(
  operations: readonly Operation[],
  { keys }: ExecutionOptions,
): Promise<KeyService | undefined> {
  const about = operations.filter(isDataKeyOperation);
  if (about.length === 0) return undefined;
  if (keys === undefined) throw new Failure('nothing here can make data encryption keys');
  return keys(about);
}

/** `direction`: going back, a target that the migration left otherwise may be what an earlier rollback could not restore. */
export function refuseChanged(
  changed: readonly Operation[],
  actual: ClusterState,
  direction: JournalRun['direction'] = 'apply',
): void {
  if (changed.length === 0) return;
  const { message, advice } = CHANGED[direction];
  throw new Failure(message, {
    details: changed.map((operation) => `${operation.target}: ${differenceText(operation, actual)}`),
    advice,
  });
}

const CHANGED = {
  apply: {
    message: 'somebody changed the cluster since the plan was made',
    advice: 'nothing was changed by this run; plan again',
  },
  rollback: {
    message: 'the cluster is no longer as the migration left it',
    advice: 'nothing was changed by this run; bring back what is expected, and roll back again',
  },
} as const;

/** What runs of policies left open when they were cut short. */
async function settlePolicies(
  held: HeldLock,
  entries: readonly JournalEntry[],
  intent: Intent,
  left: readonly Operation[],
): Promise<void> {
  const hash = policyHash(intent);
  const ids = new Set(left.map(({ id }) => id));
  for (const entry of entries.filter(({ kind }) => kind === 'policy')) {
    await settle(held, entry, entry.policyHash === hash ? ids : undefined);
  }
}

/** Writes down how it ended, and throws a Failure if the cluster is not as it should be. */
export async function finishProven(
  run: WrittenRun,
  status: JournalStatus,
  rest: readonly string[],
  open: readonly Violation[],
): Promise<void> {
  if (rest.length === 0) {
    await run.finish(status, open.length === 0 ? undefined : `still open: ${open.length}`);
    return;
  }
  const failure = new Failure('every operation ran, and yet the cluster is not as it should be', {
    details: rest,
    advice: 'somebody else may be changing it: plan again',
  });
  await run.finish(status === 'applied' ? 'failed' : 'rollingBack', failure.message);
  throw failure;
}
