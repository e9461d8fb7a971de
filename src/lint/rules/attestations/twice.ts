import type { LintRule } from '../../rule.ts';

export const twice: LintRule = {
  kind: 'checks',
  name: 'attestations/twice',
  description: 'The same control is declared twice',
  recommended: 'warning',
  source: 'of two declarations one is out of date, and readers pick the one they like',
  check: ({ intent: { attestations } }) => {
    const firsts = new Map(attestations.toReversed().map((one) => [one.control, one]));
    return attestations.flatMap((one) => {
      const { control, value, origin } = one;
      const first = firsts.get(control) ?? one;
      if (first === one) return [];
      const same = first.value === value ? 'the same value' : 'another value';
      const { line } = first.origin();
      return [
        {
          message: `${control} is declared in line ${line} already, with ${same}. Keep the one that holds`,
          at: origin,
        },
      ];
    });
  },
};
