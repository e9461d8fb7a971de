/** Lines of text that fit a terminal. */

/** The width that everything is laid out for where there is no terminal to ask. */
export const WIDTH = 80;

/** Line ends as escapes: a name may hold anything, and must not look like a line of the report. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]/g, (end) => (end === '\n' ? '\\n' : '\\r'));
}

/** Breaks a text at blanks into lines of at most `width`, all after the first indented. A longer word stands alone. */
export function wrap(text: string, indent: number, width = WIDTH): string {
  const lines: string[] = [];
  let line = '';
  for (const word of oneLine(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width - indent) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.join(`\n${' '.repeat(indent)}`);
}

/** `1 error`, `2 errors`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
