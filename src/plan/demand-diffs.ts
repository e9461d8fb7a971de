/**
 * What policies demand of collections, of the deployment and of exemptions, compared. Nobody's grants change by it: only
 * what is no longer found, refused or kept from happening.
 */
import type { ClusterDemands } from '../generated/policy.ts';
import { formatNamespace, formatUser, type UserRef, userKey } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import { meetsTls } from '../model/tls.ts';
import { compareVersions, lowestVersion } from '../model/version.ts';
import type { Intent, IntentCollection } from '../policy/intent.ts';
import { secondsKept } from './retention.ts';

export interface DemandDiff {
  /** `audit.logs`, `cluster`, or an account. */
  readonly on: string;
  /** `documents are kept for 10 d; until now for ever` */
  readonly change: string;
  /** Whether less is demanded than before. */
  readonly opens: boolean;
}

/** `today`: `YYYY-MM-DD`, by which exemptions have ended. */
export function demandDiffs(before: Intent, after: Intent, today: string): readonly DemandDiff[] {
  return [
    ...collectionDiffs(before.collections, after.collections),
    ...exemptionDiffs(before, after, today),
    ...clusterDiffs(before.cluster, after.cluster),
    ...inventoryDiffs(before, after),
  ];
}

/** One thing that a policy demands, and how much it demands. */
interface Aspect {
  readonly says: string;
  readonly strength: number;
}

function compared(on: string, old: Aspect, now: Aspect): readonly DemandDiff[] {
  if (old.strength === now.strength) return [];
  return [{ on, change: changeText(now.says, old.says), opens: now.strength < old.strength }];
}

function changeText(now: string, old: string): string {
  return `${now}; until now ${old}`;
}

function collectionDiffs(
  before: readonly IntentCollection[],
  after: readonly IntentCollection[],
): readonly DemandDiff[] {
  const named = (list: readonly IntentCollection[]) => new Map(list.map((each) => [formatNamespace(each.ns), each]));
  const [old, now] = [named(before), named(after)];
  return sortedSet([...old.keys(), ...now.keys()]).flatMap((on) => {
    const [was, is] = [old.get(on), now.get(on)];
    return [
      ...compared(on, kept(was), kept(is)),
      ...compared(on, alone(was), alone(is)),
      ...compared(on, checked(was), checked(is)),
      ...sealedDiffs(on, was?.encryption, is?.encryption),
    ];
  });
}

const DAY = 86_400;

function kept(entry: IntentCollection | undefined): Aspect {
  const strength = entry === undefined ? 0 : secondsKept(entry);
  if (strength === 0) return { says: 'documents may expire', strength };
  if (strength === Number.POSITIVE_INFINITY) return { says: 'documents are kept for ever', strength };
  const time = strength % DAY === 0 ? `${strength / DAY} d` : `${strength} s`;
  return { says: `documents are kept for ${time} at least`, strength };
}

function alone(entry: IntentCollection | undefined): Aspect {
  return entry?.dedicatedDatabase === true
    ? { says: 'nothing else lives in its database', strength: 1 }
    : { says: 'its database may hold anything', strength: 0 };
}

const LEVELS = ['off', 'moderate', 'strict'];

/** What a validator asks is a matter of the schema, of which nobody can say in general which of two asks more. */
function checked(entry: IntentCollection | undefined): Aspect {
  const { validation } = entry ?? {};
  if (validation === undefined) return { says: 'documents need not meet a schema', strength: -1 };
  const { validationLevel, validationAction } = validation;
  const says = `documents have to meet a schema (${validationLevel}, ${validationAction})`;
  return { says, strength: validationAction === 'error' ? LEVELS.indexOf(validationLevel) : 0 };
}

type Encryption = IntentCollection['encryption'];

/** Another key, or another way to seal, may be one that more people can open. */
function sealedDiffs(on: string, old: Encryption, now: Encryption): readonly DemandDiff[] {
  const paths = sortedSet([...Object.keys(old?.fields ?? {}), ...Object.keys(now?.fields ?? {})]);
  const fields = paths.flatMap((path): DemandDiff[] => {
    const [was, is] = [sealedText(old, path), sealedText(now, path)];
    return was === is ? [] : [{ on, change: `${path} is ${changeText(is, was)}`, opens: was !== UNSEALED }];
  });
  if (old === undefined || now === undefined) return fields;
  const keys = ({ keyVault, kms }: NonNullable<Encryption>): string => JSON.stringify([keyVault, kms]);
  const others =
    keys(old) === keys(now) ? [] : [{ on, change: 'the data keys are in another vault, or under another master key' }];
  return [...fields, ...others.map((each) => ({ ...each, opens: true }))];
}

const UNSEALED = 'not sealed';

function sealedText(encryption: Encryption, path: string): string {
  const fields = encryption?.fields ?? {};
  if (!Object.hasOwn(fields, path)) return UNSEALED;
  const { algorithm, keyAltName, keyId } = fields[path] ?? {};
  return `sealed (${algorithm}, key ${keyAltName ?? keyId ?? 'of its own'})`;
}

/** Of an account that a policy defines an exemption is told here; of any other, what it is no longer kept from. */
function exemptionDiffs(before: Intent, after: Intent, today: string): readonly DemandDiff[] {
  const [old, now] = [endsOf(before, today), endsOf(after, today)];
  const defined = new Set([...before.users, ...after.users].map(({ user }) => userKey(user)));
  const users = [...new Map([...old, ...now].map(([key, { user }]) => [key, user])).values()];
  return users.flatMap((user) => {
    const [was, is] = [old.get(userKey(user))?.until, now.get(userKey(user))?.until];
    if (!defined.has(userKey(user)) && (was === undefined || is === undefined)) return [];
    return compared(formatUser(user), exempt(was), exempt(is));
  });
}

function exempt(until: string | undefined): Aspect {
  return until === undefined
    ? { says: 'not exempt', strength: 0 }
    : { says: `exempt until ${until}`, strength: -Number(until.replaceAll('-', '')) };
}

/** Entries that hold, the last one of each account. */
function endsOf(
  { breakGlass }: Intent,
  today: string,
): ReadonlyMap<string, { readonly user: UserRef; readonly until: string }> {
  const holding = breakGlass.filter(({ until }) => until >= today);
  const inOrder = [...holding].sort((a, b) => (a.until < b.until ? -1 : 1));
  return new Map(inOrder.map(({ user, until }) => [userKey(user), { user, until }]));
}

function clusterDiffs(before: ClusterDemands, after: ClusterDemands): readonly DemandDiff[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return sortedSet([...old.keys(), ...now.keys()]).flatMap((demand): DemandDiff[] => {
    const [was, is] = [old.get(demand), now.get(demand)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    const change = `${demand} is ${changeText(demandText(is), demandText(was))}`;
    return [{ on: 'cluster', change, opens: was !== undefined && !isAsStrong(demand, was, is) }];
  });
}

function demandText(value: unknown): string {
  if (value === undefined) return 'not demanded';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** Whether whatever meets the second demand meets the first; in doubt it does not. */
function isAsStrong(demand: string, old: unknown, now: unknown): boolean {
  if (now === undefined) return false;
  if (Array.isArray(old) && Array.isArray(now)) return now.every((each) => old.includes(each));
  const [was, is] = [String(old), String(now)];
  if (demand === 'tls') return meetsTls(is, was);
  if (demand === 'tlsVersion') return is >= was;
  if (demand !== 'version') return false;
  return compareVersions(lowestVersion(is) ?? '0', lowestVersion(was) ?? '0') >= 0;
}

function inventoryDiffs({ inventory: old }: Intent, { inventory: now }: Intent): readonly DemandDiff[] {
  if (old === now) return [];
  const open = 'accounts and roles that no policy declares may be there';
  const closed = 'none may be there that no policy declares';
  return [
    {
      on: 'cluster',
      change: now === 'open' ? changeText(open, closed) : changeText(closed, open),
      opens: now === 'open',
    },
  ];
}
