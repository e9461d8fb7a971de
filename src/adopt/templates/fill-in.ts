/**
 * What a template leaves open. A gap is a variable without a value: the linter names it until somebody gives it one. What
 * each is about stands in a commented block at the top of the file.
 */
import { scalar } from '../write.ts';

export interface Gap {
  readonly name: string;
  /** What has to be said: `who writes, as name@db`. */
  readonly about: string;
}

/** A text, also one with a gap in it, as it stands in a policy. */
export function written(text: string): string {
  return text.includes('${') ? JSON.stringify(text) : scalar(text);
}

/** The block in which gaps are filled, or nothing if there are none. */
export function gapsBlock(gaps: readonly Gap[]): readonly string[] {
  if (gaps.length === 0) return [];
  return [
    '',
    '# Still to be said: take the # away, and fill in. policy lint names each until then.',
    '# variables:',
    ...gaps.map(({ name, about }) => `#   ${name}: "" # ${about}`),
  ];
}

const GAP = /^#( {3}([A-Za-z]\w*): "" # (.*))$/;

/** A template's text with the values that are known, and the gaps that are left. */
export function fillIn(
  text: string,
  values: ReadonlyMap<string, string>,
): { readonly text: string; readonly gaps: readonly Gap[] } {
  const lines = text.split('\n');
  const gaps = lines.flatMap((line): Gap[] => {
    const [, , name = '', about = ''] = GAP.exec(line) ?? [];
    return name === '' ? [] : [{ name, about }];
  });
  const left = gaps.filter(({ name }) => !values.has(name));
  const filled = lines
    .filter((line) => {
      const name = GAP.exec(line)?.[2];
      const isBlock = line === '# variables:' || line.startsWith('# Still to be said:');
      return name === undefined ? !(isBlock && left.length === 0) : !values.has(name);
    })
    .join('\n')
    // What stood between two blank lines has gone.
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/"([^"\n]*\$\{\w+\}[^"\n]*)"/g, (_, inside: string) =>
      written(inside.replaceAll(/\$\{(\w+)\}/g, (reference, name: string) => values.get(name) ?? reference)),
    );
  return { text: filled, gaps: left };
}
