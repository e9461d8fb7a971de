/** Why a text is not taken as it stands, and where. */

export interface Refusal {
  /** Where it begins, in UTF-16 units from the start of the text. */
  readonly offset: number;
  /** One sentence: what is wrong, and what to do. */
  readonly message: string;
  /** `hidden`: a character that nobody sees, or that shows as something else. */
  readonly kind: 'syntax' | 'hidden';
}

/** Lines and columns count from 1; columns are UTF-16 units, as editors count them. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export function syntax(offset: number, message: string): Refusal {
  return { offset, message, kind: 'syntax' };
}

/** Where each offset of a text is; for ascending offsets in one pass over the text. */
export function placesIn(text: string): (offset: number) => Place {
  let line = 1;
  let start = 0;
  return (offset) => {
    if (offset < start) [line, start] = [1, 0];
    for (let end = text.indexOf('\n', start); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
      line += 1;
      start = end + 1;
    }
    return { line, column: offset - start + 1 };
  };
}

/** The same for one offset. */
export function placeIn(text: string, offset: number): Place {
  return placesIn(text)(offset);
}

/** So many problems of a kind are told of one file; who has mended them asks again. */
export const MOST_REFUSALS = 100;
