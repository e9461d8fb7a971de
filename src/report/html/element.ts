/** Markup as data: written as text by the program, and made into nodes by the page's own script. Nothing in it is ever raw. */

export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly children: readonly Content[];
}

/** `true`: the attribute without a value. `false` and absent: no attribute. */
type Attribute = string | number | boolean | undefined;

/** A text stands for itself, whatever characters it holds. */
export type Content = Element | string | number | undefined | false;

export function h(
  tag: string,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Content[]
): Element {
  return { tag, attributes, children };
}

/** Elements without an end tag (HTML, "Void elements"). */
const VOID = new Set(['br', 'col', 'hr', 'input', 'link', 'meta']);

export function render(content: Content): string {
  if (content === undefined || content === false) return '';
  if (typeof content === 'object') {
    const { tag, attributes, children } = content;
    const open = `<${tag}${Object.entries(attributes).map(attribute).join('')}>`;
    return VOID.has(tag) ? open : `${open}${children.map(render).join('')}</${tag}>`;
  }
  return escaped(String(content));
}

function attribute([name, value]: [string, Attribute]): string {
  if (value === undefined || value === false) return '';
  if (value === true) return ` ${name}`;
  const text = String(value);
  // A matrix has thousands of them.
  return /^[\w-]+$/.test(text) ? ` ${name}=${text}` : ` ${name}="${escaped(text)}"`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
