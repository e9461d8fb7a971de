/** What the configuration and the policies' own comments do to lower the guard, for every report. */
import type { ClusterEntry } from '../generated/config.ts';
import { loweredRules } from '../lint/levels.ts';
import type { LintFinding } from '../lint/lint.ts';
import { readSuppressions } from '../lint/suppressions.ts';
import { policyHash } from '../migrate/policy-hash.ts';
import { groupBy } from '../model/keyed.ts';
import { type ParsedFile, policyNameOf } from '../policy/compile.ts';
import type { Intent } from '../policy/intent.ts';
import type { VariableLayers } from '../policy/variables.ts';
import type { Lowered } from '../report/evidence.ts';
import type { Config } from './files.ts';
import { PolicyMemory } from './policy-memory.ts';

/** Rules that the configuration switches off or lowers. */
export function rulesLowered({ data }: Config): readonly Lowered[] {
  return loweredRules(data.lint ?? {}).map(({ rule, level, usual }) => ({
    kind: 'rule',
    what: rule,
    text: `the configuration makes ${rule} ${level}, which is ${usual} otherwise`,
  }));
}

/** Suppressions that hold a finding back. */
export function suppressionsUsed(suppressed: readonly LintFinding[]): readonly Lowered[] {
  return suppressed.map(({ rule, file, line, suppressed: reason = '' }) =>
    suppressionLowered(rule, file, line, reason),
  );
}

/** Suppressions that hold today, of whoever does not lint. */
export function suppressionsIn(files: readonly ParsedFile[], today: string): readonly Lowered[] {
  return files
    .flatMap(({ source }) => (source === undefined ? [] : readSuppressions(source).suppressions))
    .filter(({ until }) => until === undefined || until >= today)
    .map(({ rule, file, line, reason }) => suppressionLowered(rule, file, line, reason));
}

function suppressionLowered(rule: string, file: string, line: number, reason: string): Lowered {
  return { kind: 'suppression', what: rule, text: `${file}:${line} suppresses ${rule}: ${reason}` };
}

/**
 * Demands and variables that a cluster's entry says otherwise than the policies. `stronger`: the layers of variables above
 * the entry's.
 */
export function entryLowered(
  cluster: string,
  { variables = {}, cluster: demands = {} }: ClusterEntry,
  files: readonly ParsedFile[],
  stronger: VariableLayers,
  memory = new PolicyMemory(),
): readonly Lowered[] {
  if (Object.keys({ ...variables, ...demands }).length === 0) return [];
  const groups = groupBy(files, policyNameOf);
  return [...groups].flatMap(([name = '', group]) => {
    const compiled = (values: Readonly<Record<string, string>>): Intent | undefined =>
      memory.compiled(group, [...stronger, new Map(Object.entries(values))]).intent;
    const intent = compiled(variables);
    if (intent === undefined) return [];
    const hash = policyHash(intent);
    const moved = Object.entries(variables).filter(([key]) => {
      const { [key]: _key, ...others } = variables;
      const own = compiled(others);
      return own !== undefined && policyHash(own) !== hash;
    });
    return [
      ...moved.map(([what, value]) =>
        lowered('variable', what, `${cluster} makes the variable ${what} of policy "${name}" "${value}"`),
      ),
      ...overridden(intent, demands).map(([what, own, value]) =>
        lowered('demand', what, `${cluster} demands ${what} ${value}, and the policy "${name}" ${own}`),
      ),
    ];
  });
}

function overridden(
  { cluster }: Intent,
  demands: object,
): readonly (readonly [what: string, own: string, value: string])[] {
  return Object.entries(demands).flatMap(([what, value]) => {
    const own: unknown = Object(cluster)[what];
    const [mine, theirs] = [JSON.stringify(own), JSON.stringify(value)];
    return own === undefined || mine === theirs ? [] : [[what, mine, theirs] as const];
  });
}

function lowered(kind: Lowered['kind'], what: string, text: string): Lowered {
  return { kind, what, text };
}
