/** Shared by the rules of retention: a declared duration against the guide's range. */

import type { LintContext, RuleFinding } from '../../rule.ts';
import { daysOf } from '../attestations/controls.ts';
import { partOf } from '../entry-place.ts';

interface Range {
  readonly control: string;
  readonly from: number;
  readonly to: number;
  readonly tooShort: string;
  readonly tooLong: string;
}

export function outOfRange(context: LintContext, { control, from, to, tooShort, tooLong }: Range): RuleFinding[] {
  return context.intent.attestations.flatMap((one) => {
    if (one.control !== control) return [];
    const at = partOf(context, one.origin, ['value']);
    const days = daysOf(one.value);
    const wanted = `Keep it from ${from} to ${to} days`;
    if (days === undefined) {
      return [
        {
          message: `${control} is no duration, so that nobody can hold it against the guide's range. Write it like ${from}d`,
          at,
        },
      ];
    }
    if (days >= from && days <= to) return [];
    return [{ message: `${control} is ${one.value}. ${days < from ? tooShort : tooLong}. ${wanted}`, at }];
  });
}
