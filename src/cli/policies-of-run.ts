/** Files of several policies, each compiled for itself. */
import { Failure } from '../failure.ts';
import { type Compiled, type ParsedFile, policyNameOf } from '../policy/compile.ts';
import type { Intent } from '../policy/intent.ts';
import type { Problem } from '../policy/problem.ts';

/**
 * A policy that can't be understood may protect what another one opens: then nobody can tell, and a Failure is thrown.
 * `beside`: the policy that is known already, and left out.
 */
export function compileEach(
  files: readonly ParsedFile[],
  compiled: (group: readonly ParsedFile[]) => Compiled,
  beside?: string,
): readonly Intent[] {
  const groups = new Map<string | undefined, ParsedFile[]>();
  for (const file of files) {
    const name = policyNameOf(file);
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  if (beside !== undefined) groups.delete(beside);
  return [...groups].map(([name, group]) => {
    const { intent, problems } = compiled(group);
    if (intent !== undefined) return intent;
    const title = name === undefined ? 'a policy' : `the policy "${name}"`;
    const where = beside === undefined ? '' : ' beside this one';
    throw new Failure(`${title}${where} is not valid, so that nobody can tell what it protects`, {
      details: problems.map(problemLine),
      advice:
        'mend it; if it is for another cluster, name the policies of this one in mongoward.config.yaml, under clusters.NAME.policies',
    });
  });
}

export function problemLine({ file, line, column, message }: Problem): string {
  return `${file}:${line}:${column}: ${message}`;
}
