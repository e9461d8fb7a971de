import { formatNamespace, formatUser, parseNamespace, userKey } from '../../../model/names.ts';
import { collectionTarget } from '../../../model/resource.ts';
import type { Origin } from '../../../policy/intent.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { toldByProtection } from '../least-privilege/exposed.ts';
import { type SealedCollection, sealedCollections } from './fields.ts';

export const keyVaultWritable: LintRule = {
  kind: 'checks',
  name: 'encryption/key-vault-writable',
  description: 'An account that writes the sealed data can write the key vault too',
  recommended: 'error',
  source: "MongoDB's manual, “Keys and Key Vaults”: without its data key a field can't be decrypted any more",
  check: (context) => {
    const seen = new Set<Origin>();
    return sealedCollections(context)
      .flatMap((sealed) => writersOf(context, sealed))
      .filter(({ at }) => !seen.has(at) && seen.add(at));
  },
};

function writersOf(context: LintContext, { collection, encryption }: SealedCollection): RuleFinding[] {
  const vault = parseNamespace(encryption.keyVault);
  if (vault === undefined) return [];
  const told = toldByProtection(context);
  const direct = (outcome: 'insert' | 'alter' | 'destroy', ns: typeof vault) =>
    context
      .who(outcome, collectionTarget(ns))
      .filter(({ user, kind }) => kind === 'direct' && !context.isBreakGlass(user));
  const writers = new Set(direct('insert', collection.ns).map(({ user }) => userKey(user)));
  const breaking = [...direct('alter', vault), ...direct('destroy', vault)];
  const broken = new Set(breaking.map(({ user }) => userKey(user)));
  const adding = direct('insert', vault).filter(({ user }) => !broken.has(userKey(user)));
  const data = formatNamespace(collection.ns);
  const tell = (principals: typeof adding, what: string): RuleFinding[] =>
    principals
      .filter((principal) => writers.has(userKey(principal.user)) && !told(context.grantOf(principal)))
      .map((principal) => ({
        message: `${formatUser(principal.user)} writes ${data} and can ${principal.steps.join(', then ')}: ${what}`,
        at: context.grantOf(principal),
        way: principal.path,
      }));
  return [
    ...tell(
      breaking,
      'without its key nothing that is sealed can ever be read again, and one service taken over is enough; grant it find on the key vault, and let another account make keys',
    ),
    ...tell(
      adding,
      'it can put a key of its own making under a name that others trust; let another account make the keys, and grant this one find',
    ).map((finding) => ({ ...finding, severity: 'warning' as const })),
  ];
}
