/** Carries a plan out on a cluster: reads first, writes only what is missing, reads again and proves the result. */
import type { Operation } from '../diff/operation.ts';
import { Failure } from '../failure.ts';
import type { Intent, SecretReference } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';
import { type Command, commandFor } from './command.ts';
import { makePlan, type Plan } from './plan.ts';
import { standingOf } from './standing.ts';

/** The live cluster, as far as applying needs it. */
export interface Cluster {
  read(): Promise<ClusterState>;
  /** Runs the command with majority write concern; throws a Failure if the server refuses. */
  run(command: Command): Promise<void>;
}

export interface ApplyOptions {
  readonly prune?: boolean;
  /** Reads a secret when it is needed; throws a Failure if it is not there. */
  secret(reference: SecretReference, user: string): string;
  /** Shows the plan and asks; `false` stops with nothing written. */
  confirm(plan: Plan, actual: ClusterState): Promise<boolean>;
  /** Told before each operation. */
  progress?(operation: Operation, index: number, total: number): void;
}

export type ApplyResult =
  | { readonly outcome: 'in-place'; readonly plan: Plan }
  | { readonly outcome: 'declined'; readonly plan: Plan }
  | { readonly outcome: 'applied'; readonly plan: Plan; readonly done: number; readonly state: ClusterState };

/**
 * Makes the cluster what the policy says. With nothing to do it writes nothing. Throws a Failure, with what is done and
 * what is left, if something stands in the way, a target was changed meanwhile, the server refuses a command, or the
 * cluster is afterwards not as it should be. Running it again goes on where it stopped.
 */
export async function applyPolicy(cluster: Cluster, intent: Intent, options: ApplyOptions): Promise<ApplyResult> {
  const actual = await cluster.read();
  const plan = makePlan(intent, actual, options.prune === true ? { prune: true } : {});
  refuseObstacles(plan);
  if (plan.operations.length === 0) return { outcome: 'in-place', plan };
  const secrets = readSecrets(plan.operations, options);
  if (!(await options.confirm(plan, actual))) return { outcome: 'declined', plan };
  const { left, changed } = standingOf(plan.operations, await cluster.read());
  refuseChanged(changed);
  await runAll(cluster, left, secrets, options);
  const state = await cluster.read();
  prove(makePlan(intent, state, options.prune === true ? { prune: true } : {}));
  return { outcome: 'applied', plan, done: left.length, state };
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

/** All secrets before the first write: one that is missing must not leave half a plan behind. */
function readSecrets(operations: readonly Operation[], options: ApplyOptions): ReadonlyMap<Operation, string> {
  const secrets = new Map<Operation, string>();
  for (const operation of operations) {
    if ('password' in operation) secrets.set(operation, options.secret(operation.password, operation.target));
  }
  return secrets;
}

function refuseChanged(changed: readonly Operation[]): void {
  if (changed.length === 0) return;
  throw new Failure('somebody changed the cluster since the plan was made', {
    details: changed.map((operation) => `${operation.target} is no longer what the plan saw`),
    advice: 'nothing was changed by this run; plan again',
  });
}

async function runAll(
  cluster: Cluster,
  operations: readonly Operation[],
  secrets: ReadonlyMap<Operation, string>,
  options: ApplyOptions,
): Promise<void> {
  for (const [index, operation] of operations.entries()) {
    options.progress?.(operation, index, operations.length);
    try {
      await cluster.run(commandFor(operation, secrets.get(operation)));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Failure(`${operation.id} failed after ${index} of ${operations.length} operations: ${message}`, {
        details: operations.slice(index).map((left) => `left to do: ${left.id}`),
        advice: 'mend the cause and apply again: what is done stays done',
        cause: error,
      });
    }
  }
}

function prove(rest: Plan): void {
  if (rest.operations.length + rest.obstacles.length === 0) return;
  throw new Failure('every operation ran, and yet the cluster is not as the policy says', {
    details: [...rest.operations.map(({ id }) => id), ...rest.obstacles.map(({ message }) => message)],
    advice: 'somebody else may be changing it: plan again',
  });
}
