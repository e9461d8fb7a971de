/**
 * A plan that was approved and begun, and did not come to its end: what is left of it is planned anew, and held against
 * what was approved and against the journal. Whatever else has changed meanwhile is refused.
 */
import { holderText } from '../migrate/cluster.ts';
import type { JournalEntry } from '../migrate/journal.ts';
import { handlerOf } from '../plan/operations/handlers.ts';
import type { Operation } from '../plan/operations/operation.ts';
import { isSeen } from '../plan/progress.ts';
import { sortedJson } from '../state/sorted-json.ts';
import { count } from './layout.ts';
import { basisDifferences, PART_SAID, type PlanFile } from './plan-file.ts';

/** The runs that began a plan; the last of them is unfinished. */
export interface Begun {
  readonly runs: readonly JournalEntry[];
  /** The ids of the operations that these runs know to be in place. */
  readonly done: ReadonlySet<string>;
}

const UNFINISHED = ['running', 'failed', 'interrupted'];

/** The runs of the plan with that hash, the oldest first; nothing where none has begun or the last one came to its end. */
export function begunRuns(entries: readonly JournalEntry[], hash: string): Begun | undefined {
  const runs = entries.filter((entry) => entry.kind === 'policy' && entry.fileHash === hash);
  const last = runs.at(-1);
  if (last === undefined || !UNFINISHED.includes(last.status)) return undefined;
  const done = runs.flatMap(({ operations }) =>
    operations.filter(({ outcome }) => outcome === 'done' || outcome === 'inPlace').map(({ id }) => id),
  );
  return { runs, done: new Set(done) };
}

/**
 * In what the plan of today, `current`, is more than the rest of the one that was approved and begun, in sentences; none:
 * it is the rest. `operations`: those of today.
 *
 * What accounts gain is no part of it. The operations that are left are approved ones, form by form, and what they don't
 * touch is as it was, so that they lead to the state that was approved. On the way there an account may be without what it
 * had before and will have again: where roles inherit from one another, a revocation comes before the grants.
 */
export function resumptionDifferences(
  approved: PlanFile,
  current: PlanFile,
  operations: readonly Operation[],
  { done }: Begun,
): readonly string[] {
  const wanted = formsOf(approved.operations);
  const left = formsOf(current.operations);
  const redone = operations.filter((one) => isSeen(one) && done.has(one.id)).map(({ id }) => id);
  const others = Object.keys(left).filter((id) => !redone.includes(id) && left[id] !== wanted[id]);
  const touched = new Set(approved.operations.flatMap(digestNames));
  return [
    ...basisDifferences(approved, current, (name) => !touched.has(name)),
    ...redone.map((id) => `the operation ${id} was done, and somebody has undone it since`),
    ...others.map((id) =>
      Object.hasOwn(wanted, id) ? PART_SAID.changed(`the operation ${id}`) : PART_SAID.added(`the operation ${id}`),
    ),
    ...(sortedJson(approved.undecided) === sortedJson(current.undecided)
      ? []
      : ['what restrictions leave to a person is not what was approved']),
  ];
}

/** By id; what an operation gives and takes depends on what is done already, and is told by the accounts. */
function formsOf(operations: readonly PlannedOperation[]): Readonly<Record<string, string>> {
  return Object.fromEntries(operations.map(({ reason: _r, effect: _e, ...form }) => [form.id, sortedJson(form)]));
}

type PlannedOperation = PlanFile['operations'][number];

/** The names in the state's digests of what an operation changes. */
function digestNames({ kind, target, before, after }: PlannedOperation): readonly string[] {
  const ns = namespaceIn(after ?? before);
  switch (handlerOf(kind).target.noun) {
    case 'role':
      return [`role ${target}`];
    case 'user':
      return [`user ${target}`];
    case 'collection':
    case 'index':
      return ns === undefined ? [] : [`collection ${ns}`, `key vault ${ns}`];
    case 'data key':
      return ns === undefined ? [] : [`key vault ${ns}`];
    case 'record':
      return [recordIn(after ?? before)];
  }
}

function namespaceIn(form: object | undefined): string | undefined {
  const { ns } = (form ?? {}) as { readonly ns?: { readonly db?: unknown; readonly collection?: unknown } };
  return ns === undefined ? undefined : `${String(ns.db)}.${String(ns.collection)}`;
}

function recordIn(form: object | undefined): string {
  const { kind, target } = (form ?? {}) as { readonly kind?: unknown; readonly target?: unknown };
  return `record of ${String(kind)} ${String(target)}`;
}

/** Who began it, and how much is left. */
export function resumptionText({ runs }: Begun, left: number): string {
  const run = runs.at(-1)?.runs.at(-1);
  const by =
    run === undefined
      ? ''
      : ` on ${run.startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC by ${holderText(run.by)}`;
  return `This plan was begun${by} and did not come to its end. ${count(left, 'operation')} of it ${left === 1 ? 'is' : 'are'} left.`;
}
