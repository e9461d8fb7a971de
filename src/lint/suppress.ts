/** Findings against suppressions: which are held back, and what is wrong with a suppression itself. */
import { findRule, isFatal, unknownRule } from './levels.ts';
import type { LintFinding } from './lint.ts';
import type { Level } from './rule.ts';
import type { Misfit, Suppression } from './suppressions.ts';

interface SuppressOptions {
  readonly today: string;
  readonly levels: ReadonlyMap<string, Level>;
  /** Every rule has seen everything: a suppression that held nothing back has no effect. */
  readonly settled: boolean;
}

export function suppress(
  findings: readonly LintFinding[],
  { suppressions, misfits }: { readonly suppressions: readonly Suppression[]; readonly misfits: readonly Misfit[] },
  { today, levels, settled }: SuppressOptions,
): { readonly findings: readonly LintFinding[]; readonly suppressed: readonly LintFinding[] } {
  if (suppressions.length + misfits.length === 0) return { findings, suppressed: [] };
  const active = suppressions.filter(
    ({ rule, until }) => !isFatalName(rule) && (until === undefined || until >= today),
  );
  const { coveredBy, used } = coverage(active, findings);
  const kept: LintFinding[] = [];
  const suppressed: LintFinding[] = [];
  for (const finding of findings) {
    const by = coveredBy(finding);
    if (by === undefined) kept.push(finding);
    else suppressed.push({ ...finding, suppressed: by.reason });
  }
  const about = (
    rule: string,
    { file, line, column }: Misfit | Suppression,
    message: string,
    fix = {},
  ): LintFinding[] => {
    const level = levels.get(rule) ?? 'off';
    return level === 'off' ? [] : [{ rule, severity: level, message, file, line, column, path: '', ...fix }];
  };
  const own = [
    ...misfits.flatMap((misfit) => about('suppression/no-reason', misfit, misfit.message)),
    ...suppressions.flatMap((suppression) => {
      const { rule, until, range, file } = suppression;
      if (findRule(rule) === undefined) {
        return about('suppression/unknown-rule', suppression, `${unknownRule(rule)}: this suppression has no effect`);
      }
      if (until !== undefined && until < today) {
        const message = `this suppression of ${rule} ended on ${until}, and has no effect any more: mend what it covers, or give a new reason and date`;
        return about('suppression/expired', suppression, message);
      }
      if (isFatalName(rule)) {
        const message = `${rule} can't be suppressed: the policy can't be compiled as long as it is broken`;
        return about('suppression/without-effect', suppression, message);
      }
      if (used.has(suppression) || !settled || (levels.get(rule) ?? 'off') === 'off') return [];
      const message = `this suppression suppresses nothing: ${rule} has no finding there, remove it`;
      return about('suppression/without-effect', suppression, message, { fix: [{ kind: 'erase', file, range }] });
    }),
  ];
  return { findings: [...kept, ...own], suppressed };
}

interface Coverage {
  /** Of the suppressions that cover a finding the one that stands first. */
  coveredBy(finding: LintFinding): Suppression | undefined;
  /** Those that cover some finding. */
  readonly used: ReadonlySet<Suppression>;
}

/** By file and rule, in the order of the lines: there may be as many of one as of the other. */
function coverage(active: readonly Suppression[], findings: readonly LintFinding[]): Coverage {
  const groups = byFileAndRule(active);
  const lines = byFileAndRule(findings);
  const sorted = new Map(
    [...groups].map(([key, group]) => {
      const list = group.toSorted((a, b) => a.first - b.first);
      let furthest = 0;
      const reach = list.map(({ last }) => (furthest = Math.max(furthest, last)));
      return [key, { list, reach }];
    }),
  );
  const used = [...sorted].flatMap(([key, { list }]) => {
    const found = (lines.get(key) ?? []).map(({ line }) => line).sort((a, b) => a - b);
    return list.filter(({ first, last }) => (found[lowest(found, first)] ?? Number.POSITIVE_INFINITY) <= last);
  });
  return {
    coveredBy: (finding) => {
      const group = sorted.get(groupKey(finding));
      const by = group?.list[lowest(group.reach, finding.line)];
      return by !== undefined && by.first <= finding.line ? by : undefined;
    },
    used: new Set(used),
  };
}

function byFileAndRule<T extends Pick<LintFinding, 'file' | 'rule'>>(list: readonly T[]): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const group = groups.get(groupKey(one));
    if (group === undefined) groups.set(groupKey(one), [one]);
    else group.push(one);
  }
  return groups;
}

function groupKey({ file, rule }: Pick<LintFinding, 'file' | 'rule'>): string {
  return `${rule}\0${file}`;
}

/** Where the first of the ascending numbers stands that is at least so large. */
function lowest(ascending: readonly number[], least: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isFatalName(name: string): boolean {
  const rule = findRule(name);
  return rule !== undefined && isFatal(rule);
}
