/**
 * HCL, the language of Terraform, as far as files are data: blocks, attributes, and values that are written out. Expressions
 * that only Terraform works out keep their text. (There is no maintained parser in JavaScript that says in which line what
 * stands: HashiCorp's own, as WebAssembly, gives JSON without places.)
 */
import { type Node, node, unresolved } from './node.ts';

export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly line: number;
  readonly attributes: ReadonlyMap<string, Node>;
  readonly blocks: readonly Block[];
}

/** Deeper than any file that a person writes. */
const DEEPEST = 100;

/** Throws an {@link HclError} with the line for a text that is no HCL. */
export function parseHcl(text: string): Omit<Block, 'type' | 'labels'> {
  const reader = new HclReader(text);
  const body = reader.body(false, 0);
  return { line: 1, ...body };
}

export class HclError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** One expression by itself, such as the inside of a template. */
export function parseExpression(text: string, line: number): Node {
  const reader = new HclReader(text, line);
  return reader.expression(0);
}

const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const CODE_POINT = /\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ENDS = new Set(['\n', ',', ']', '}', ')', '']);

/** State to guard: where in the text it is. */
class HclReader {
  readonly #text: string;
  #at = 0;
  #line: number;

  constructor(text: string, line = 1) {
    this.#text = text.replaceAll('\r\n', '\n').replace(/^\ufeff/, '');
    this.#line = line;
  }

  body(nested: boolean, depth: number): { readonly attributes: Map<string, Node>; readonly blocks: Block[] } {
    if (depth > DEEPEST) throw new HclError(this.#line, 'blocks are nested too deeply');
    const attributes = new Map<string, Node>();
    const blocks: Block[] = [];
    for (;;) {
      this.#blank(true);
      const char = this.#text[this.#at];
      if (char === undefined) {
        if (nested) throw new HclError(this.#line, 'a block has no end');
        return { attributes, blocks };
      }
      if (char === '}' && nested) {
        this.#at += 1;
        return { attributes, blocks };
      }
      const { line } = this.#place();
      const name = this.#match(IDENTIFIER) ?? this.#fail('a name is expected here');
      this.#blank(false);
      if (this.#text[this.#at] === '=' && this.#text[this.#at + 1] !== '=') {
        this.#at += 1;
        this.#blank(false);
        attributes.set(name, this.expression(depth));
        continue;
      }
      const labels = this.#labels();
      if (this.#text[this.#at] !== '{') this.#fail(`"=" or "{" is expected behind ${name}`);
      this.#at += 1;
      blocks.push({ type: name, labels, line, ...this.body(true, depth + 1) });
    }
  }

  #labels(): readonly string[] {
    const labels: string[] = [];
    for (;;) {
      this.#blank(false);
      if (this.#text[this.#at] === '"') {
        const label = this.#string();
        labels.push(typeof label.data === 'string' ? label.data : '');
        continue;
      }
      const word = this.#match(IDENTIFIER);
      if (word === undefined) return labels;
      labels.push(word);
    }
  }

  /** A value, or the text of an expression up to where it ends. */
  expression(depth: number): Node {
    if (depth > DEEPEST) throw new HclError(this.#line, 'values are nested too deeply');
    const begin = this.#place();
    const value = this.#value(depth + 1);
    this.#blank(false);
    if (value !== undefined && ENDS.has(this.#text[this.#at] ?? '')) return value;
    this.#at = begin.at;
    this.#line = begin.line;
    return unresolved(this.#rest(), begin.line);
  }

  #value(depth: number): Node | undefined {
    const { line } = this.#place();
    const char = this.#text[this.#at];
    if (char === '"') return this.#string();
    if (char === '[') return this.#list(depth);
    if (char === '{') return this.#object(depth);
    if (char === '<' && this.#text[this.#at + 1] === '<') return this.#heredoc();
    const number = this.#match(NUMBER);
    if (number !== undefined) return node(Number(number), line);
    const word = this.#match(IDENTIFIER);
    if (word === 'true' || word === 'false') return node(word === 'true', line);
    return word === 'null' ? node(null, line) : undefined;
  }

  #string(): Node {
    const { at: start, line } = this.#place();
    let text = '';
    let isTemplate = false;
    this.#at += 1;
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined || char === '\n') throw new HclError(line, 'a text has no end');
      if (char === '"') {
        this.#at += 1;
        return isTemplate ? unresolved(this.#text.slice(start, this.#at), line) : node(text, line);
      }
      if (char === '\\') {
        text += this.#escaped();
        continue;
      }
      if ((char === '$' || char === '%') && this.#text[this.#at + 1] === '{') {
        if (this.#text[this.#at - 1] === char) {
          text = `${text.slice(0, -1)}${char}{`;
          this.#at += 2;
          continue;
        }
        isTemplate = true;
        this.#at += 1;
        this.#skipGroup();
        continue;
      }
      text += char;
      this.#at += 1;
    }
  }

  #escaped(): string {
    const code = this.#match(CODE_POINT)?.slice(2);
    if (code !== undefined) {
      const point = Number.parseInt(code, 16);
      return point > 0x10_ffff ? this.#fail('a text has an escape that is no character') : String.fromCodePoint(point);
    }
    const escaped = this.#text[this.#at + 1] ?? '';
    this.#at += 2;
    return ESCAPES[escaped] ?? escaped;
  }

  #list(depth: number): Node {
    const { line } = this.#place();
    const items: Node[] = [];
    this.#at += 1;
    for (;;) {
      this.#blank(true);
      if (this.#text[this.#at] === ']') {
        this.#at += 1;
        return node(items, line);
      }
      if (this.#text[this.#at] === undefined) throw new HclError(line, 'a list has no end');
      if (this.#text.startsWith('for ', this.#at)) items.push(unresolved(this.#rest(), this.#line));
      else items.push(this.expression(depth));
      this.#blank(true);
      if (this.#text[this.#at] === ',') this.#at += 1;
      else if (this.#text[this.#at] !== ']') this.#fail('"," or "]" is expected here');
    }
  }

  #object(depth: number): Node | undefined {
    const { line } = this.#place();
    const fields = new Map<string, Node>();
    this.#at += 1;
    for (;;) {
      this.#blank(true);
      const char = this.#text[this.#at];
      if (char === '}') {
        this.#at += 1;
        return node(fields, line);
      }
      if (char === ',') {
        this.#at += 1;
        continue;
      }
      if (char === undefined) throw new HclError(line, 'a map has no end');
      const key = char === '"' ? this.#string() : this.#match(IDENTIFIER);
      const name =
        typeof key === 'string' ? key : key !== undefined && typeof key.data === 'string' ? key.data : undefined;
      this.#blank(false);
      // A key that is worked out, or a `for`: the whole is an expression.
      if (name === undefined || !/[=:]/.test(this.#text[this.#at] ?? '')) return undefined;
      this.#at += 1;
      this.#blank(true);
      fields.set(name, this.expression(depth));
    }
  }

  #heredoc(): Node {
    const { line } = this.#place();
    const [whole = '', word = ''] = /^<<-?\s*(\w+)[^\n]*\n/.exec(this.#text.slice(this.#at)) ?? [];
    if (whole === '') this.#fail('the end of a text is not named here');
    const begin = this.#at + whole.length;
    const end = new RegExp(`^[ \\t]*${word}[ \\t]*$`, 'm').exec(this.#text.slice(begin));
    if (end === null) throw new HclError(line, 'a text has no end');
    const text = this.#text.slice(begin, begin + end.index);
    this.#advance(begin + end.index + end[0].length);
    return /[$%]\{/.test(text) ? unresolved(text, line) : node(text, line);
  }

  /** The text of an expression: to the end of the line, or the comma or bracket that does not belong to it. */
  #rest(): string {
    const { at: start } = this.#place();
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined || char === '\n' || char === ',' || char === ']' || char === '}' || char === ')') break;
      if (char === '#' || this.#text.startsWith('//', this.#at)) break;
      if (char === '"') this.#string();
      else if (char === '(' || char === '[' || char === '{') this.#skipGroup();
      else this.#at += 1;
    }
    if (this.#at === start) this.#fail('a value is expected here');
    return this.#text.slice(start, this.#at).trim();
  }

  /** From an opening bracket behind its closing one. */
  #skipGroup(): void {
    const { line } = this.#place();
    let open = 0;
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined) throw new HclError(line, 'a bracket is not closed');
      if (char === '"') {
        this.#string();
        continue;
      }
      if (char === '#' || this.#text.startsWith('//', this.#at)) {
        this.#skipLine();
        continue;
      }
      if (char === '(' || char === '[' || char === '{') open += 1;
      if (char === ')' || char === ']' || char === '}') open -= 1;
      if (char === '\n') this.#line += 1;
      this.#at += 1;
      if (open === 0) return;
    }
  }

  /** Blanks and comments, `lines`: line ends too. */
  #blank(lines: boolean): void {
    for (;;) {
      const char = this.#text[this.#at];
      if (char === ' ' || char === '\t') this.#at += 1;
      else if (char === '#' || this.#text.startsWith('//', this.#at)) this.#skipLine();
      else if (this.#text.startsWith('/*', this.#at)) {
        const end = this.#text.indexOf('*/', this.#at);
        if (end < 0) throw new HclError(this.#line, 'a comment has no end');
        this.#advance(end + 2);
      } else if (char === '\n' && lines) {
        this.#at += 1;
        this.#line += 1;
      } else return;
    }
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #advance(to: number): void {
    this.#line += this.#text.slice(this.#at, to).split('\n').length - 1;
    this.#at = to;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #place(): { readonly at: number; readonly line: number } {
    return { at: this.#at, line: this.#line };
  }

  #fail(message: string): never {
    throw new HclError(this.#line, message);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
