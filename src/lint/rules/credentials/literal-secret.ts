import type { DocumentPath } from '../../../policy/problem.ts';
import type { SourceFile } from '../../../policy/source.ts';
import type { LintRule, RuleFinding } from '../../rule.ts';
import { isPlaceholder, isSecretName, knownSecrets, looksRandom } from './secrets.ts';

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
  return { message, at };
}

/** Where a secret's source is named, and where a path is, a text is none. */
const SOURCES = new Set(['fromEnv', 'fromFile']);

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

function whatIs(text: string, path: DocumentPath): string | undefined {
  const name = path.findLast((part) => typeof part === 'string') ?? '';
  if (isPlaceholder(text)) return undefined;
  if (isSecretName(String(name)) && !isDescription(path)) return `a secret in the clear, as "${name}"`;
  if (SOURCES.has(String(name)) && name === 'fromFile') return undefined;
  return looksRandom(text) ? 'a text like a generated password or key' : undefined;
}

/** Names of collections, roles and users are keys of the policy: `roles: {resetPassword@admin: …}` holds no secret. */
function isDescription(path: DocumentPath): boolean {
  return path.includes('schema') || path.includes('fields') || path.includes('roles') || path.at(-1) === 'description';
}
