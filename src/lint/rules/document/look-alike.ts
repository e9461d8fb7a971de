import { formatNamespace } from '../../../model/names.ts';
import { onceFor } from '../../../model/once.ts';
import type { Intent } from '../../../policy/intent.ts';
import { isAscii, roughSkeleton, skeleton } from '../../look-alike.ts';
import { type Named, namesOf } from '../../names.ts';
import type { LintRule, RuleFinding } from '../../rule.ts';

export const lookAlike: LintRule = {
  kind: 'checks',
  name: 'document/look-alike',
  description: 'Two names of the policies look alike, and are different names',
  recommended: 'error',
  source: 'Unicode’s UTS #39, “Unicode Security Mechanisms”: confusable detection by skeletons',
  check: ({ intent, policies }) => {
    const { firsts, looks } = firstNames(policies);
    const nearly = nearlyProtected(policies);
    return namesOf(intent).flatMap((named): RuleFinding[] => {
      const { kind, text, origin } = named;
      const other = firsts.get(looks.get(named) ?? appearance(named));
      if (other === undefined || other.text === text) return nearly(named);
      const { file, line } = other.origin();
      const message = `the ${kind} "${text}" looks like "${other.text}" (${file}:${line}), but is another name. A reader of the policy confuses the two. Write the same name, or rename one of them`;
      return [{ message, at: origin, severity: isAscii(text) && isAscii(other.text) ? 'warning' : 'error' }];
    });
  },
};

/** What two names share that look alike: their database, and how the rest looks. */
function appearance({ kind, name, db }: Named): string {
  return `${kind}\0${db}\0${skeleton(name)}`;
}

interface FirstNames {
  /** By how they look: the one that the others are told to resemble, in plain letters if one is, else the first. */
  readonly firsts: ReadonlyMap<string, Named>;
  /** How each name looks. */
  readonly looks: ReadonlyMap<Named, string>;
}

const firstNames = onceFor((policies: readonly Intent[]): FirstNames => {
  const firsts = new Map<string, Named>();
  const looks = new Map<Named, string>();
  for (const named of policies.flatMap(namesOf)) {
    const look = appearance(named);
    looks.set(named, look);
    const first = firsts.get(look);
    if (first === undefined || (!isAscii(first.text) && isAscii(named.text))) firsts.set(look, named);
  }
  return { firsts, looks };
});

/**
 * Names that many tell apart, and that are told all the same where one of the two is protected and the other is not:
 * whoever means the protected collection and grants something on the other has not been kept from it.
 */
const nearlyProtected = onceFor((policies: readonly Intent[]): ((named: Named) => RuleFinding[]) => {
  const isProtected = new Set<string>();
  const byLook = new Map<string, Pick<Named, 'text' | 'name' | 'origin'>>();
  const add = (named: Named): void => {
    isProtected.add(`${named.kind} ${named.text}`);
    byLook.set(roughAppearance(named), named);
  };
  for (const { ns, protection, access, origin } of policies.flatMap(({ collections }) => collections)) {
    if (protection === 'none' && access.size === 0) continue;
    add({ kind: 'database', text: ns.db, name: ns.db, db: '', origin });
    add({ kind: 'collection', text: formatNamespace(ns), name: ns.collection, db: ns.db, origin });
  }
  return (named) => {
    const { kind, text, name, origin } = named;
    if (byLook.size === 0 || kind === 'role' || kind === 'user' || isProtected.has(`${kind} ${text}`)) return [];
    const meant = byLook.get(roughAppearance(named));
    // What looks the same is told already, and so are databases that differ by case.
    if (meant === undefined || skeleton(meant.name) === skeleton(name)) return [];
    if (kind === 'database' && meant.name.toLowerCase() === name.toLowerCase()) return [];
    const { file, line } = meant.origin();
    const which =
      kind === 'database'
        ? 'in which a collection is protected, and in it none is'
        : 'which is protected, and is not protected itself';
    const message = `the ${kind} "${text}" is nearly called like "${meant.text}" (${file}:${line}), ${which}. Write the same name, or rename one of them`;
    return [{ message, at: origin, severity: 'warning' }];
  };
});

function roughAppearance({ kind, name, db }: Named): string {
  return `${kind}\0${db}\0${roughSkeleton(name)}`;
}
