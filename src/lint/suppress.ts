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
  const used = new Set<Suppression>();
  const active = suppressions.filter(
    ({ rule, until }) => !isFatalName(rule) && (until === undefined || until >= today),
  );
  const kept: LintFinding[] = [];
  const suppressed: LintFinding[] = [];
  for (const finding of findings) {
    const by = active.filter((suppression) => covers(suppression, finding));
    for (const suppression of by) used.add(suppression);
    const [first] = by;
    if (first === undefined) kept.push(finding);
    else suppressed.push({ ...finding, suppressed: first.reason });
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

function covers({ file, rule, first, last }: Suppression, finding: LintFinding): boolean {
  return finding.rule === rule && finding.file === file && finding.line >= first && finding.line <= last;
}

function isFatalName(name: string): boolean {
  const rule = findRule(name);
  return rule !== undefined && isFatal(rule);
}
