/** Regular expressions, which the server takes in PCRE's syntax and JavaScript in its own. */
import { commandError, notSimulated } from './errors.ts';

const FLAGS: ReadonlyMap<string, string> = new Map([
  ['i', 'i'],
  ['m', 'm'],
  ['s', 's'],
  ['u', ''],
]);

/** Compiles a pattern with MongoDB's options; throws for what JavaScript does not know. */
export function compilePattern(pattern: string, options = ''): RegExp {
  const flags = [...new Set(options)].map((option) => {
    const flag = FLAGS.get(option);
    if (flag === undefined) throw notSimulated(`the regular expression option '${option}'`);
    return flag;
  });
  // With `u` a dot is a whole character, but superfluous escapes, which PCRE allows, are errors.
  for (const unicode of ['u', '']) {
    try {
      return new RegExp(pattern, unicode + flags.join(''));
    } catch {}
  }
  throw commandError('BadValue', `Regular expression is invalid: ${pattern}`);
}
