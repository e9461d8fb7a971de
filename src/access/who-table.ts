/** Who can bring about which outcome at one place: the same answers as asked one by one, side by side. */
import { compoundKey } from '../model/keyed.ts';
import { formatRole, formatUser } from '../model/names.ts';
import { sortedBy } from '../model/order.ts';
import type { Outcome } from '../model/outcomes.ts';
import { placesOf } from '../state/shards.ts';
import type { ClusterState } from '../state/state.ts';
import { readQuestion } from './question.ts';
import { EVERY_OUTCOME } from './techniques.ts';
import { type AskedPrincipal, type WhoAnswer, whoCan } from './who.ts';

export interface WhoTable extends Omit<WhoAnswer, 'principals'> {
  /** Whoever can anything of it: those with the most outcomes first, then by name. */
  readonly rows: readonly AccessRow[];
  /** How many accounts there are in all, those of shards among them. */
  readonly accounts: number;
  /** What whoever asks should know about the question itself, in sentences. */
  readonly notes: readonly string[];
}

export interface AccessRow {
  /** `name@db`; of a role that a group could be given the role's name. */
  readonly name: string;
  readonly isRole: boolean;
  /** The shard whose account it is, if it acts on that alone, past every mongos. */
  readonly shard: string | undefined;
  /** How it can, by outcome; an outcome that is missing it can't bring about. */
  readonly outcomes: ReadonlyMap<Outcome, AskedPrincipal>;
}

/** `namespace` as {@link readQuestion} takes it. Throws what {@link whoCan} throws. */
export function whoTable(state: ClusterState, namespace: string): WhoTable {
  const rows = new Map<string, AccessRow & { readonly outcomes: Map<Outcome, AskedPrincipal> }>();
  const answers = EVERY_OUTCOME.map((outcome) => {
    const question = readQuestion(outcome, namespace, state);
    return { outcome, question, answer: whoCan(state, question) };
  });
  for (const { outcome, answer } of answers) {
    for (const principal of answer.principals) {
      const { role, shard } = principal;
      const name = nameOf(principal);
      const key = compoundKey([role === undefined ? 'user' : 'role', shard ?? '', name]);
      const row = rows.get(key) ?? { name, isRole: role !== undefined, shard, outcomes: new Map() };
      row.outcomes.set(outcome, principal);
      rows.set(key, row);
    }
  }
  const [first] = answers;
  return {
    rows: sortedBy(
      [...rows.values()],
      ({ isRole, outcomes, name, shard }) =>
        `${isRole ? 1 : 0} ${EVERY_OUTCOME.length - outcomes.size} ${name} ${shard ?? ''}`,
    ),
    accounts: placesOf(state).flatMap(({ state: { users = [] } }) => users).length,
    together: answers.flatMap(({ answer }) => answer.together),
    unenumerable: first?.answer.unenumerable ?? [],
    unreadable: first?.answer.unreadable ?? [],
    notes: first?.question.notes ?? [],
  };
}

/** `name@db` of the account, or of the role that stands for itself, without the shard that it may be of. */
export function nameOf({ user, role }: AskedPrincipal): string {
  return role === undefined ? formatUser(user) : formatRole(role);
}
