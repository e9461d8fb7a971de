import type { DocumentPath } from '../../../policy/problem.ts';
import type { SourceFile } from '../../../policy/source.ts';
import type { LintRule, RuleFinding } from '../../rule.ts';
import { isPlaceholder, isReference, isSecretName, knownSecrets, looksRandom } from './secrets.ts';

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
  const walked = [...secretsIn(data, [])].map(({ path, what }) => tell(what, () => source.locate(path)));
  return [...shaped, ...walked.filter(({ at }) => !lines.has(at().line))];
}

function tell(what: string, at: RuleFinding['at']): RuleFinding {
  const message = `here stands ${what}: everybody who ever reads this repository, its history or a build log can use it; rotate it, and name where it is read from by {fromEnv: NAME} or {fromFile: path}`;
  return { message, at, secret: true };
}

function* secretsIn(
  value: unknown,
  path: DocumentPath,
): Generator<{ readonly path: DocumentPath; readonly what: string }> {
  if (typeof value === 'string') {
    const what = whatIs(value, path);
    if (what !== undefined) yield { path, what };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield* secretsIn(item, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  }
}

/** Where a secret is read from: a text there is none. */
const SOURCES = ['fromEnv', 'fromFile'];

function whatIs(text: string, path: DocumentPath): string | undefined {
  const names = path.filter((part) => typeof part === 'string');
  const name = names.findLast(isSecretName);
  const last = names.at(-1) ?? '';
  if (isPlaceholder(text) || last === 'fromFile') return undefined;
  if (name !== undefined && !SOURCES.includes(last) && !isDefinition(names) && !isReference(text)) {
    return `a secret in the clear, as "${name}"`;
  }
  return looksRandom(text) ? 'a text like a generated password or key' : undefined;
}

/** Names that the policy defines say nothing: `roles: {resetPassword@admin: …}`, a field `user.password` that is sealed. */
function isDefinition(names: readonly string[]): boolean {
  return names.some((name) => ['schema', 'fields', 'roles'].includes(name)) || names.at(-1) === 'description';
}
