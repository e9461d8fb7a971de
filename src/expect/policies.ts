/** The policies of a run, compiled: files of the same name make one. */
import { Failure } from '../failure.ts';
import { compilePolicy, type ParsedFile, policyNameOf } from '../policy/compile.ts';
import type { Intent } from '../policy/intent.ts';
import type { VariableLayers } from '../policy/variables.ts';

/** A policy, with the files that it was compiled from. */
export interface TestedPolicy {
  readonly intent: Intent;
  readonly files: readonly ParsedFile[];
}

/** In the order of the files. Throws a Failure with every problem's place if one of them is not valid. */
export function compilePolicies(files: readonly ParsedFile[], variables: VariableLayers): readonly TestedPolicy[] {
  const groups = new Map<string | undefined, ParsedFile[]>();
  for (const file of files) {
    const name = policyNameOf(file);
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  return [...groups].map(([name, group]) => {
    const { intent, problems } = compilePolicy(group, { variables });
    if (intent !== undefined) return { intent, files: group };
    throw new Failure(name === undefined ? 'a policy is not valid' : `the policy "${name}" is not valid`, {
      details: problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`),
      advice: 'mongoward policy lint shows the same with more about each',
    });
  });
}
