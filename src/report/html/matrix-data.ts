/** What the page's script needs to draw an account's paths: everything that repeats stands there once. */

import type { AccessMatrix, Decision, Relation } from '../../drift/access-matrix.ts';
import type { Outcome } from '../../model/outcomes.ts';
import { shown } from './text.ts';

/** An access: outcome, decision, and the numbers of its path, which leaves the account out, and of its steps. */
export type AccessRow = readonly [outcome: Outcome, decision: Decision, path: number, steps: number];

export interface MatrixData {
  readonly places: readonly string[];
  readonly paths: readonly (readonly string[])[];
  readonly steps: readonly string[];
  readonly cells: readonly (readonly AccessRow[])[];
  readonly accounts: readonly (readonly [
    account: string,
    relation: Relation,
    holds: readonly string[],
    cells: readonly number[],
  ])[];
}

export function matrixData({ places, accounts }: AccessMatrix): MatrixData {
  const paths = interned<readonly string[]>();
  const steps = interned<string>();
  const cells = interned<readonly AccessRow[]>();
  const rows = accounts.map(({ account, relation, holds, cells: own }) => {
    const numbers = own.map((accesses) =>
      cells.number(
        accesses.map(({ outcome, decision, path, steps: does }): AccessRow => {
          const rest = (relation === 'group' ? path : path.slice(1)).map(shown);
          return [outcome, decision, paths.number(rest), steps.number(shown(does.join(', then ')))];
        }),
      ),
    );
    return [shown(account), relation, holds.map(shown), numbers] as const;
  });
  return { places: places.map(shown), paths: paths.items, steps: steps.items, cells: cells.items, accounts: rows };
}

interface Interned<T> {
  readonly items: readonly T[];
  number(item: T): number;
}

/** Equal values have one number. */
function interned<T>(): Interned<T> {
  const items: T[] = [];
  const numbers = new Map<string, number>();
  return {
    items,
    number: (item) => {
      const key = JSON.stringify(item);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, items.length);
      return items.push(item) - 1;
    },
  };
}
