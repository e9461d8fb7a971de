/** JSON as every command prints it. */

import { Failure } from '../failure.ts';

/** As text, indented by two, with a line end. Throws a Failure where it is longer than a text of Node.js can be. */
export function jsonText(value: unknown): string {
  try {
    return `${JSON.stringify(value, undefined, 2)}\n`;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure('the answer as JSON is longer than Node.js can hold in one text (512 MiB)', {
      advice: 'ask for less of it, by one policy or one cluster at a time, or for --format text, which is shorter',
      cause: error,
    });
  }
}
