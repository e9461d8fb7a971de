/** Policy files compiled and linted, as a caller without a terminal or a configuration has them: texts. */
import type { LevelOptions } from '../lint/levels.ts';
import { type LintReport, lintPolicies as lint } from '../lint/lint.ts';
import { type Compiled, compilePolicy as compile, type ParsedFile } from '../policy/compile.ts';
import type { VariableLayers } from '../policy/variables.ts';

/** Values for `${name}` in any text of a policy. They win over the policy's own `variables`. */
export type Variables = Readonly<Record<string, string>>;

export interface CompilePolicyOptions {
  readonly variables?: Variables;
}

/**
 * Compiles the files of one policy, which bear the same `metadata.name`, to its intent. Without an intent there is at
 * least one problem, each with file, line, column and a sentence. Throws nothing.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, parsePolicyFile } from 'mongoward';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * roles:
 *   writer@audit:
 *     privileges: [{ on: "\${db}.logs", allow: insert-only }]
 * `;
 * const file = parsePolicyFile({ file: 'trail.yaml', text });
 * const { intent } = compilePolicy([file], { variables: { db: 'audit' } });
 * assert.deepEqual(intent.roles[0].role.privileges, [
 *   { resource: { db: 'audit', collection: 'logs' }, actions: ['insert'] },
 * ]);
 *
 * const { problems } = compilePolicy([file]);
 * assert.equal(problems[0].rule, 'document/variable');
 * assert.equal(problems[0].line, 6);
 * ```
 */
export function compilePolicy(files: readonly ParsedFile[], options: CompilePolicyOptions = {}): Compiled {
  return compile(files, { variables: layersOf(options.variables) });
}

export interface LintPolicyOptions extends LevelOptions {
  /** `YYYY-MM-DD`: by it exemptions and suppressions have ended, and reviews are due. */
  readonly today: string;
  readonly variables?: Variables;
  /** The release that the policies will meet, `8.0.4`, instead of the oldest one that they admit. */
  readonly targetVersion?: string;
}

/**
 * Lints policies, told apart by their `metadata.name`, without a cluster. Every rule has a page in docs/rules/. Syntax
 * errors are findings like any other. Throws nothing: a rule that fails is among the report's `crashes`.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { lintPolicies, parsePolicyFile } from 'mongoward';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: reports }
 * users:
 *   reporting@admin:
 *     roles: [readAnyDatabase@admin]
 *     mechanisms: [SCRAM-SHA-256]
 *     password: { fromEnv: REPORTING_PASSWORD }
 *     clientSource: [10.20.0.0/16]
 * `;
 * const file = parsePolicyFile({ file: 'reports.yaml', text });
 * const { findings } = lintPolicies([file], { today: '2026-11-23' });
 * assert.deepEqual(
 *   findings.map(({ rule, line }) => [rule, line]),
 *   [['least-privilege/reads-everything', 6]],
 * );
 * ```
 */
export function lintPolicies(files: readonly ParsedFile[], options: LintPolicyOptions): LintReport {
  const { variables, ...rest } = options;
  const given = files.map(({ file }) => file);
  return lint(files, given, { ...rest, variables: layersOf(variables) });
}

function layersOf(variables: Variables = {}): VariableLayers {
  return [new Map(Object.entries(variables))];
}
