import type { LintRule } from '../../rule.ts';

export const twice: LintRule = {
  kind: 'checks',
  name: 'attestations/twice',
  description: 'The same control is declared twice',
  recommended: 'warning',
  source: 'of two declarations one is out of date, and readers pick the one they like',
  check: ({ intent: { attestations } }) =>
    attestations.flatMap(({ control, value, origin }, index) => {
      const first = attestations.findIndex((other) => other.control === control);
      if (first === index) return [];
      const same = attestations[first]?.value === value ? 'the same value' : 'another value';
      const { line } = attestations[first]?.origin() ?? origin();
      return [
        {
          message: `${control} is declared in line ${line} already, with ${same}: keep the one that holds`,
          at: origin,
        },
      ];
    }),
};
