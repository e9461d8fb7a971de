/** Policies from disk, for test suites: by file, or all of a folder. */
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isExpectationFile } from '../expect/file-name.ts';
import { compilePolicies } from '../expect/policies.ts';
import { Failure } from '../failure.ts';
import { readText } from '../files/read-file.ts';
import { parsePolicyFile } from '../policy/compile.ts';
import { POLICY_MARK } from '../policy/conform.ts';
import type { Intent } from '../policy/intent.ts';
import type { VariableLayers } from '../policy/variables.ts';

const POLICY_FILE = /\.(ya?ml|json)$/i;

/** One for each name, in the order of the paths. Throws a Failure if a policy is not valid, or there is none. */
export function readPolicies(paths: readonly string[], variables: VariableLayers): readonly Intent[] {
  const parsed = paths.flatMap(filesAt).map((file) => parsePolicyFile({ file, text: readText(resolve(file), file) }));
  if (parsed.length === 0) throw new Failure(`there are no policies in ${paths.join(', ')}`);
  return compilePolicies(parsed, variables).map(({ intent }) => intent);
}

/** What somebody names is read; of a folder, what is a policy. */
function filesAt(path: string): readonly string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new Failure(`there is no file or folder ${path}`);
  if (!stats.isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && POLICY_FILE.test(entry.name) && !isExpectationFile(entry.name))
    .map((entry) => join(path, entry.name))
    .filter((file) => readText(resolve(file), file).includes(POLICY_MARK))
    .sort();
}
