import type { DocumentPath } from '../../../policy/problem.ts';
import { isSecretName, knownSecrets, secretText } from '../../../policy/secrets.ts';
import type { SourceFile } from '../../../policy/source.ts';
import type { LintRule, RuleFinding } from '../../rule.ts';

export const literalSecret: LintRule = {
  kind: 'checks',
  name: 'credentials/literal-secret',
  description: 'A secret stands in a policy file',
  recommended: 'error',
  source: 'OWASP Secrets Management Cheat Sheet; CWE-798: a secret in a repository is known to all who ever read it',
  check: ({ files }) => files.flatMap(secretsOf),
};

function secretsOf(source: SourceFile): RuleFinding[] {
  const { file, text, data } = source;
  const shaped = knownSecrets(text).map(({ line, column, what }) =>
    tell(what, () => ({ file, line, column, path: '' })),
  );
  const lines = new Set(shaped.map(({ at }) => at().line));
  const walked: RuleFinding[] = [];
  walk(data, [], undefined, (path, what) => walked.push(tell(what, () => source.locate(path))));
  return [...shaped, ...walked.filter(({ at }) => !lines.has(at().line))];
}

function tell(what: string, at: RuleFinding['at']): RuleFinding {
  const message = `the file holds ${what}. Everybody who ever reads this repository, its history or a build log can use it. Rotate the secret, and name where it is read from with {fromEnv: NAME} or {fromFile: path}`;
  return { message, at, secret: true };
}

/** Names that the policy defines say nothing: `roles: {resetPassword@admin: …}`, a field `user.password` that is sealed. */
const DEFINING = new Set(['schema', 'fields', 'roles', 'access']);

/** What is defined by name: a collection may be called `auth.password`. */
const OBJECTS = new Set(['collections', 'roles', 'users']);

/** Where a secret is read from: a text there is none. */
const SOURCES = new Set(['fromEnv', 'fromFile']);

/** `named`: the nearest name above that a secret would have; `null` where names are the policy's own. */
function walk(
  value: unknown,
  path: (string | number)[],
  named: string | null | undefined,
  report: (path: DocumentPath, what: string) => void,
): void {
  if (typeof value === 'string') {
    const what = whatIs(value, path.at(-1), named);
    if (what !== undefined) report([...path], what);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const defines = path.length === 1 && OBJECTS.has(String(path[0]));
  for (const [key, item] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    path.push(step);
    walk(item, path, named === null || defines || typeof step === 'number' ? named : nameOf(step, named), report);
    path.pop();
  }
}

function nameOf(key: string, named: string | undefined): string | null | undefined {
  if (DEFINING.has(key)) return null;
  return isSecretName(key) ? key : named;
}

function whatIs(text: string, key: string | number | undefined, named: string | null | undefined): string | undefined {
  if (key === 'fromFile') return undefined;
  const source = key === 'description' || SOURCES.has(String(key));
  return secretText(text, typeof named === 'string' && !source ? named : undefined);
}
