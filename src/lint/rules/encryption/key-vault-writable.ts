import { formatNamespace, formatUser, parseNamespace, userKey } from '../../../model/names.ts';
import { collectionTarget } from '../../../model/resource.ts';
import type { Origin } from '../../../policy/intent.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { type SealedCollection, sealedCollections } from './fields.ts';

export const keyVaultWritable: LintRule = {
  kind: 'checks',
  name: 'encryption/key-vault-writable',
  description: 'An account that writes or reads the sealed data can write the key vault too',
  recommended: 'error',
  source: "MongoDB's manual, “Keys and Key Vaults”: without its data key a field can't be decrypted any more",
  check: (context) => {
    const seen = new Set<Origin>();
    return sealedCollections(context)
      .flatMap((sealed) => findingsOf(context, sealed))
      .filter(({ at }) => !seen.has(at) && seen.add(at));
  },
};

function findingsOf(context: LintContext, { collection, encryption }: SealedCollection): RuleFinding[] {
  const vault = parseNamespace(encryption.keyVault);
  if (vault === undefined) return [];
  const told = context.isTold;
  const able = (outcome: 'insert' | 'read' | 'alter' | 'destroy', ns: typeof vault) =>
    context.who(outcome, collectionTarget(ns)).filter(({ user }) => !context.isBreakGlass(user));
  const direct = (...asked: Parameters<typeof able>) => able(...asked).filter(({ kind }) => kind === 'direct');
  const keysOf = (principals: ReturnType<typeof direct>) => new Set(principals.map(({ user }) => userKey(user)));
  // What the plan is to take from an adopted account does not join the data with their keys.
  const keeping = (outcome: 'insert' | 'read') =>
    keysOf(direct(outcome, collection.ns).filter(({ user }) => context.canOnceRewritten(user, outcome, collection.ns)));
  const writers = keeping('insert');
  const readers = keeping('read');
  // A role that it can grant itself is as good as held; what the release lets through is no grant's fault.
  const breaking = [...able('alter', vault), ...able('destroy', vault)].filter(({ kind }) => kind !== 'server');
  const broken = keysOf(breaking);
  const adding = direct('insert', vault).filter(({ user }) => !broken.has(userKey(user)));
  const data = formatNamespace(collection.ns);
  const tell = (principals: typeof adding, among: ReadonlySet<string>, does: string, what: string): RuleFinding[] =>
    principals
      .filter((principal) => among.has(userKey(principal.user)) && !told(context.grantOf(principal)))
      .map((principal) => ({
        message: `${formatUser(principal.user)} ${does} ${data} and can ${principal.steps.join(', then ')}. ${what}`,
        at: context.grantOf(principal),
        grantPath: principal.path,
      }));
  return [
    ...tell(
      breaking,
      writers,
      'writes',
      'Without its key nobody can ever read a sealed field again. Grant it find on the key vault, and let another account make keys',
    ),
    ...tell(
      breaking.filter(({ user }) => !writers.has(userKey(user))),
      readers,
      'reads',
      'Without its key nobody can ever read a sealed field again. Grant it find on the key vault, and let another account administer keys',
    ),
    ...tell(
      adding,
      writers,
      'writes',
      'It can put a key of its own under a name that others trust. Grant it find on the key vault, and let another account make keys',
    ).map((finding) => ({ ...finding, severity: 'warning' as const })),
  ];
}
