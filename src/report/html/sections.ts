/** What sections of the page have in common. */
import { type Content, type Element, h } from './element.ts';

/** `id`: unique on the page. */
export function section(id: string, title: string, ...children: readonly Content[]): Element {
  return h('section', { 'aria-labelledby': `${id}-title`, id }, h('h2', { id: `${id}-title` }, title), ...children);
}

/** A table that scrolls by itself where it is too wide, by the keyboard too. */
export function table(label: string, head: readonly string[], rows: readonly (readonly Content[])[]): Element {
  return h(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': `Table: ${label}`, tabindex: 0 },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...head.map((text) => h('th', { scope: 'col' }, text)))),
      h('tbody', {}, ...rows.map((cells) => h('tr', {}, ...cells.map((cell) => h('td', {}, cell))))),
    ),
  );
}

export function badge(kind: string, text: string): Element {
  return h('span', { class: `badge ${kind}` }, text);
}

/** `a → b → c`, each in its own box. */
export function trail(path: readonly string[]): Element {
  return h('ol', { class: 'trail' }, ...path.map((name) => h('li', {}, h('code', {}, name))));
}
