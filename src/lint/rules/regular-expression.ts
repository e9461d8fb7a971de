/**
 * Regular expressions that MongoDB refuses. It compiles them with PCRE (8.x up to 6.0, PCRE2 from 6.1 on), whose syntax is
 * larger than JavaScript's: what is found here both refuse, and what is not found may be refused all the same.
 */

/** Why no server takes it, in a clause about the expression, then what to do; nothing if one may. */
export function refusedExpression(text: string): string | undefined {
  if (text.includes('\0')) return 'it holds a null character. Take that out';
  // Blanks and comments without meaning, and verbs, by which the rest is read in another way.
  if (/\(\?\^?[a-zA-Z]*x|\(\*[a-zA-Z:]/.test(text)) return undefined;
  return new Reader(text).problem();
}

/** Where a reader is after a part of the expression; what is wrong with it otherwise. */
type Step = { readonly next: number } | { readonly wrong: string };

const GROUP = /\(\?(?:[:=!>|]|<[=!]|P?<\w+>|'\w+'|[a-zA-Z^-]+:)/y;
/** Options, recursion and back references: `(?i)`, `(?R)`, `(?&name)`. */
const WHOLE = /\(\?[^()#]+\)/y;
const COUNT = /\{(\d+)(?:(,)(\d*))?\}/y;
const POSIX_CLASS = /\[:\^?[a-z]+:\]/y;
const NOT_REPEATED = 'AbBGzZ';
const WITH_BRACES = 'gkNopPx';
/** Escapes of JavaScript and Perl that PCRE names as not supported. */
const NO_ESCAPE = 'lLuU';
const GREATEST_COUNT = 65_535;

const OPEN_GROUP = 'a "(" in it is never closed. Close it, or write \\(';
const OPEN_CLASS = 'a "[" in it is never closed. Close it, or write \\[';

class Reader {
  readonly #text: string;
  #groups = 0;
  /** Whether what was read last can be repeated. */
  #repeatable = false;

  constructor(text: string) {
    this.#text = text;
  }

  problem(): string | undefined {
    for (let at = 0; at < this.#text.length; ) {
      const step = this.#read(at);
      if (step === undefined) return undefined;
      if ('wrong' in step) return step.wrong;
      at = step.next;
    }
    return this.#groups > 0 ? OPEN_GROUP : undefined;
  }

  /** Nothing where it can't be told what follows. */
  #read(at: number): Step | undefined {
    switch (this.#text[at]) {
      case '\\':
        return this.#escape(at);
      case '[':
        this.#repeatable = true;
        return this.#class(at);
      case '(':
        return this.#group(at);
      case ')':
        this.#groups -= 1;
        this.#repeatable = true;
        return this.#groups < 0 ? { wrong: 'a ")" in it closes nothing. Take it out, or write \\)' } : { next: at + 1 };
      case '|':
      case '^':
      case '$':
        this.#repeatable = false;
        return { next: at + 1 };
      case '*':
      case '+':
      case '?':
        return this.#repeat(at, 1);
      case '{':
        return this.#count(at);
      default:
        this.#repeatable = true;
        return { next: at + 1 };
    }
  }

  #matchAt(pattern: RegExp, at: number): RegExpExecArray | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.#text) ?? undefined;
  }

  #escape(at: number): Step {
    const escaped = this.#text[at + 1];
    if (escaped === 'E') return { next: at + 2 };
    if (escaped === 'Q') {
      const end = this.#endOfQuoted(at);
      this.#repeatable ||= end > at + 2;
      return { next: end };
    }
    this.#repeatable = escaped === undefined || !NOT_REPEATED.includes(escaped);
    const braces = escaped !== undefined && WITH_BRACES.includes(escaped) && this.#text[at + 2] === '{';
    const close = braces ? this.#text.indexOf('}', at) : -1;
    return close < 0 ? this.#escapedCharacter(at) : { next: close + 1 };
  }

  #escapedCharacter(at: number): Step {
    const escaped = this.#text[at + 1];
    const length = escaped === 'c' ? 3 : 2;
    if (at + length > this.#text.length) return { wrong: 'it ends within an escape. Write \\\\ for a backslash' };
    if (escaped !== undefined && NO_ESCAPE.includes(escaped)) {
      return { wrong: `it holds \\${escaped}, which is no escape there. Write a character as \\x{e9}` };
    }
    return { next: at + length };
  }

  /** Behind `\E`, or at the end. */
  #endOfQuoted(at: number): number {
    const end = this.#text.indexOf('\\E', at + 2);
    return end < 0 ? this.#text.length : end;
  }

  #class(at: number): Step {
    let next = at + 1;
    if (this.#text[next] === '^') next += 1;
    // As the first character it is one of the class.
    if (this.#text[next] === ']') next += 1;
    while (next < this.#text.length) {
      const character = this.#text[next];
      if (character === ']') return { next: next + 1 };
      if (character === '\\') {
        const step = this.#text[next + 1] === 'Q' ? { next: this.#endOfQuoted(next) } : this.#escapedCharacter(next);
        if ('wrong' in step) return step;
        next = step.next;
        continue;
      }
      const range = /^([A-Za-z0-9])-([A-Za-z0-9])/.exec(this.#text.slice(next, next + 3));
      if (range !== null && (range[1] ?? '') > (range[2] ?? '')) {
        return { wrong: `the range ${range[0]} in it runs backwards. Turn it round` };
      }
      next += range?.[0].length ?? this.#matchAt(POSIX_CLASS, next)?.[0].length ?? 1;
    }
    return { wrong: OPEN_CLASS };
  }

  #group(at: number): Step | undefined {
    if (this.#text.startsWith('(?#', at)) {
      const close = this.#text.indexOf(')', at);
      return close < 0 ? { wrong: OPEN_GROUP } : { next: close + 1 };
    }
    const whole = this.#matchAt(WHOLE, at);
    const opened = this.#matchAt(GROUP, at)?.[0] ?? '(';
    if (opened === '(' && this.#text[at + 1] === '?') {
      this.#repeatable = true;
      return whole && { next: at + whole[0].length };
    }
    this.#groups += 1;
    this.#repeatable = false;
    return { next: at + opened.length };
  }

  #repeat(at: number, length: number): Step {
    const sign = this.#text.slice(at, at + length);
    if (!this.#repeatable)
      return { wrong: `there is nothing before ${sign} in it to repeat. Write \\${sign} for the character` };
    this.#repeatable = false;
    const greed = this.#text[at + length];
    return { next: at + length + (greed === '?' || greed === '+' ? 1 : 0) };
  }

  #count(at: number): Step {
    const found = this.#matchAt(COUNT, at);
    if (found === undefined) {
      this.#repeatable = true;
      return { next: at + 1 };
    }
    const [sign, least, , most] = found;
    const bounds = [least, most].flatMap((each) => (each === undefined || each === '' ? [] : [Number(each)]));
    const [from = 0, to = from] = bounds;
    if (bounds.some((each) => each > GREATEST_COUNT)) {
      return { wrong: `${sign} in it counts beyond ${GREATEST_COUNT}. Write a smaller number` };
    }
    return from > to ? { wrong: `${sign} in it runs backwards. Turn it round` } : this.#repeat(at, sign.length);
  }
}
