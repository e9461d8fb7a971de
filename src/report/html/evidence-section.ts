/** What the report is made from. */
import { type Evidence, evidenceLines } from '../evidence.ts';
import { type Element, h } from './element.ts';
import { section } from './sections.ts';
import { shown } from './text.ts';

export function evidenceSection(evidence: Evidence, id: string): Element {
  // What people declare has a part of the page of its own.
  const lines = evidenceLines(evidence).filter(({ label }) => label !== 'declared');
  return section(
    `${id}evidence`,
    'What this report is made from',
    h(
      'dl',
      { class: 'facts' },
      ...lines.map(({ label, text }) => h('div', {}, h('dt', {}, label), h('dd', {}, shown(text)))),
    ),
  );
}
