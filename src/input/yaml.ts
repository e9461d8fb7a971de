/** YAML 1.2 or JSON as plain data: maps, lists and scalars that have one reading, and where in the text each part stands. */
import { Composer, type Document, isAlias, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import { hiddenIn } from './characters.ts';
import { type DocumentPath, type Keys, keyText, placesOf } from './places.ts';
import { MOST_REFUSALS, type Refusal, syntax } from './refusal.ts';
import { impureIn, proseIn, tokensOf } from './tokens.ts';

export interface PlainData {
  readonly data: unknown;
  /** Where the value at a path begins; for a key of a map that is named by `path`, where the key begins. */
  offsetOf(path: DocumentPath): number;
}

/** What was read, or every reason why it was not; `empty`: the text says nothing. */
export type ReadYaml =
  | { readonly read: PlainData; readonly refusals?: undefined }
  | { readonly read?: undefined; readonly empty?: true; readonly refusals: readonly Refusal[] };

/** With every alias written out: more than any file has that a person reviews. */
export const MAX_VALUES = 1_000_000;

const OPTIONS = { prettyErrors: false, stringKeys: true, uniqueKeys: false } as const;

/** Takes time and memory in proportion to the text, whatever stands in it. */
export function readYaml(text: string, keys: Keys = 'written'): ReadYaml {
  const conflict = conflictIn(text);
  if (conflict !== undefined) {
    const message =
      'a merge conflict was left here: settle it, and take the lines with <<<<<<<, ======= and >>>>>>> out';
    return { refusals: [syntax(conflict, message)] };
  }
  const tokens = tokensOf(text);
  const hidden = hiddenIn(text, () => proseIn(tokens));
  const impure = [...hidden, ...impureIn(text, tokens)];
  if (impure.length > 0) return { refusals: inOrder(impure) };
  const [document] = new Composer(OPTIONS).compose(tokens, true, text.length);
  if (document === undefined) throw new Error('a text is at least one document');
  return fromDocument(document, keys);
}

function fromDocument(document: Document, keys: Keys): ReadYaml {
  const { offsetOf, refusals, size, aliases } = placesOf(document, keys);
  const broken = document.errors.map(({ pos, code, message }) => syntax(pos[0], syntaxMessage(code, message)));
  if (broken.length + refusals.length > 0) return { refusals: inOrder([...broken, ...refusals]) };
  if (document.contents === null) return { empty: true, refusals: [syntax(0, 'the file is empty')] };
  if (size > MAX_VALUES) return { refusals: [syntax(0, aliases ? ALIASES_EXPAND : tooMany())] };
  return { read: { data: dataOf(document), offsetOf } };
}

function inOrder(refusals: readonly Refusal[]): readonly Refusal[] {
  return refusals.toSorted((a, b) => a.offset - b.offset).slice(0, MOST_REFUSALS);
}

const ALIASES_EXPAND = 'aliases (*name) expand to too much: write the repeated parts out';

/** Put together when it is told: to write numbers for people takes a large part of ICU. */
function tooMany(): string {
  return `the file holds more than ${MAX_VALUES.toLocaleString('en')} values: split it`;
}

/** The parser's own way looks at every anchor for each alias, which takes hours for a file of aliases. */
function dataOf(document: Document): unknown {
  const anchors = new Map<string, unknown>();
  const data = (node: unknown): unknown => {
    if (isAlias(node)) return anchors.get(node.source);
    const value = isMap(node)
      ? Object.fromEntries(node.items.map((pair) => [keyText(pair.key), data(pair.value)]))
      : isSeq(node)
        ? node.items.map(data)
        : isScalar(node)
          ? node.value
          : null;
    if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, value);
    return value;
  };
  return data(document.contents);
}

/** Where Git, Mercurial or Subversion marked a conflict. */
export function conflictIn(text: string): number | undefined {
  if (!text.includes('<<<<<<<') && !text.includes('>>>>>>>')) return undefined;
  return /^(?:<{7}|>{7})(?: |\r?$)/m.exec(text)?.index;
}

function syntaxMessage(code: string, message: string): string {
  if (code === 'NON_STRING_KEY') return 'this key is not a text: quote it';
  if (message.startsWith('Alias cannot be')) {
    return 'an asterisk without quotes begins a YAML alias: quote it as "*"';
  }
  return `not valid YAML: ${message}`;
}

/** The document with the range of every part, for whoever changes the text or reads its comments. Parsed anew: few files need it. */
export function documentOf(text: string): Document {
  return parseDocument(text, OPTIONS);
}
