/** What is new and what is gone since an earlier report, and what a baseline covers. */
import { baselineText, sinceText } from '../drift/changes-text.ts';
import type { DriftDocument } from '../drift/document.ts';
import { type Element, h } from './element.ts';
import { badge, section } from './sections.ts';
import { shown } from './text.ts';

export function changesSection({ since, baseline }: DriftDocument, id: string): Element | undefined {
  if (since === undefined && baseline === undefined) return undefined;
  const line = (
    kind: string,
    word: string,
    { rule, target }: { readonly rule: string; readonly target: string },
  ): Element =>
    h(
      'li',
      { class: `card ${kind}` },
      h(
        'p',
        { class: 'about' },
        badge(kind, word),
        h('code', { class: 'target' }, shown(target)),
        h('span', { class: 'rule' }, shown(rule)),
      ),
    );
  return section(
    `${id}changes`,
    'What has changed',
    since && h('p', { class: 'lead' }, shown(sinceText(since))),
    since &&
      since.added.length + since.gone.length > 0 &&
      h(
        'ul',
        { class: 'cards' },
        ...since.added.map((one) => line('error', 'new', one)),
        ...since.gone.map((one) => line('good', 'gone', one)),
      ),
    baseline && h('p', { class: 'lead' }, shown(baselineText(baseline))),
  );
}
