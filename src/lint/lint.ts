/** The linter: everything that is wrong in policies as text, one policy at a time, without a cluster. */
import { type CompileOptions, compilePolicy, type ParsedFile, policyNameOf, sortProblems } from '../policy/compile.ts';
import type { Intent } from '../policy/intent.ts';
import type { Problem } from '../policy/problem.ts';
import { RULES } from './rules.ts';

export interface LintOptions extends CompileOptions {
  /** `YYYY-MM-DD`: break-glass entries end with it. */
  readonly today: string;
}

export interface LintReport {
  /** By file, line and column. */
  readonly findings: readonly Problem[];
  /** The names of the policies that were linted. */
  readonly policies: readonly string[];
  /** How many files they are made of. */
  readonly files: number;
}

/**
 * Lints every policy that one of the `given` files belongs to, whole. Files that can't be read far enough to tell their
 * policy are reported if they were given.
 */
export function lintPolicies(files: readonly ParsedFile[], given: readonly string[], options: LintOptions): LintReport {
  const wanted = new Set(given);
  const groups = new Map<string, ParsedFile[]>();
  const findings: Problem[] = [];
  let count = 0;
  for (const file of files) {
    const name = policyNameOf(file);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), file]);
    else if (wanted.has(file.file)) {
      findings.push(...(compilePolicy([file], options).problems ?? []));
      count += 1;
    }
  }
  // A file that can't be read may define what another one refers to.
  const unreadable = files.some(({ source }) => source === undefined);
  const touched = [...groups].filter(([, group]) => group.some(({ file }) => wanted.has(file)));
  for (const [, group] of touched) {
    const compiled = compilePolicy(group, { ...options, complete: !unreadable });
    findings.push(...compiled.problems);
    if (compiled.intent !== undefined) findings.push(...lintIntent(compiled.intent, options.today));
    count += group.length;
  }
  return { findings: sortProblems(findings), policies: touched.map(([name]) => name).sort(), files: count };
}

/** Everything that goes against a rule in a policy that compiles. */
export function lintIntent(intent: Intent, today: string): readonly Problem[] {
  return RULES.flatMap((rule) => rule.check(intent, today));
}
