/** What is new and what is gone since an earlier report, and what a baseline covers. */
import type { DriftDocument } from '../drift/document.ts';
import { count } from '../layout.ts';
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
    since &&
      h('p', { class: 'lead' }, `Since ${shown(since.file)}: ${since.added.length} new, ${since.gone.length} gone.`),
    since &&
      since.added.length + since.gone.length > 0 &&
      h(
        'ul',
        { class: 'cards' },
        ...since.added.map((one) => line('error', 'new', one)),
        ...since.gone.map((one) => line('good', 'gone', one)),
      ),
    baseline &&
      h(
        'p',
        { class: 'lead' },
        `The baseline ${shown(baseline.file)} accepts ${count(baseline.accepted.length, 'finding')}; ${baseline.gone} of what it names is no longer there.`,
      ),
  );
}
