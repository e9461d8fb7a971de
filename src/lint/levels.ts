/** How much each rule weighs: the preset's level, unless the configuration says another. */
import { didYouMean } from '../policy/nearest.ts';
import type { Level, LintRule } from './rule.ts';
import { RULES } from './rules.ts';

export const PRESETS = ['recommended', 'strict'] as const;

export interface LevelOptions {
  readonly preset?: (typeof PRESETS)[number];
  /** Levels by the rule's name; the names are known rules. */
  readonly rules?: Readonly<Record<string, Level>>;
  /** Only these rules are asked, whatever their level; what keeps a policy from compiling is always told. */
  readonly only?: readonly string[];
}

/** The level of every rule, by its name. */
export function ruleLevels(
  { preset = 'recommended', rules = {}, only }: LevelOptions,
  table: readonly LintRule[] = RULES,
): ReadonlyMap<string, Level> {
  return new Map(
    table.map((rule): [string, Level] => {
      const { name } = rule;
      if (isFatal(rule)) return [name, 'error'];
      const level = rules[name] ?? (preset === 'strict' ? (rule.strict ?? rule.recommended) : rule.recommended);
      if (only === undefined) return [name, level];
      if (!only.includes(name)) return [name, 'off'];
      return [name, level === 'off' ? 'warning' : level];
    }),
  );
}

/** The rules to which the configuration gives a milder level than the preset does. */
export function loweredRules({ preset, rules = {} }: Pick<LevelOptions, 'preset' | 'rules'>): readonly {
  readonly rule: string;
  readonly level: Level;
  readonly usual: Level;
}[] {
  const usual = ruleLevels(preset === undefined ? {} : { preset });
  return Object.entries(rules).flatMap(([rule, level]) => {
    const preset = usual.get(rule) ?? 'off';
    return WEIGHTS.indexOf(level) < WEIGHTS.indexOf(preset) ? [{ rule, level, usual: preset }] : [];
  });
}

const WEIGHTS: readonly Level[] = ['off', 'info', 'warning', 'error'];

export function isFatal(rule: LintRule): boolean {
  return rule.kind === 'reported' && rule.fatal;
}

export function findRule(name: string): LintRule | undefined {
  return RULES.find((rule) => rule.name === name);
}

/** `there is no rule "x" (did you mean "y"?)` */
export function unknownRule(name: string): string {
  const names = RULES.map((rule) => rule.name);
  return `there is no rule "${name}"${didYouMean(name, names)}`;
}

/** Why the configuration can't give the rule that level. */
export function levelProblem(name: string, level: Level): string | undefined {
  const rule = findRule(name);
  if (rule === undefined) return unknownRule(name);
  if (!isFatal(rule) || level === 'error') return undefined;
  return `${name} is always an error: a policy that breaks it can't be compiled`;
}
