import type { Origin } from '../../../policy/intent.ts';
import { disguise } from '../../look-alike.ts';
import { namesOf, unmanagedPatterns } from '../../names.ts';
import type { LintContext, LintRule } from '../../rule.ts';

export const mixedScript: LintRule = {
  kind: 'checks',
  name: 'document/mixed-script',
  description: 'A name mixes scripts, holds letters that look like others, or ends in a space',
  recommended: 'error',
  source: 'Unicode’s UTS #39, “Unicode Security Mechanisms”: mixed-script and whole-script confusables',
  check: (context) => {
    const firsts = new Map<string, Origin>();
    for (const { text, origin } of allNames(context)) if (!firsts.has(text)) firsts.set(text, origin);
    return [...firsts].flatMap(([name, at]) => {
      const found = disguise(name);
      if (found === undefined) return [];
      const message = `"${name}" is not what it looks like: ${found.why}. ${found.advice}`;
      return [{ message, at, severity: found.certain ? 'error' : 'warning' }];
    });
  },
};

/** Patterns too: they name accounts as well. What lies in a database of such a name is told at the database. */
function allNames({ intent, files }: LintContext): readonly { readonly text: string; readonly origin: Origin }[] {
  const patterns = intent.restrictions.flatMap(({ users, origin }) =>
    users.flatMap((selector) => (selector.kind === 'pattern' ? [{ text: selector.pattern, origin }] : [])),
  );
  return [...namesOf(intent).filter(({ db }) => disguise(db) === undefined), ...patterns, ...unmanagedPatterns(files)];
}
