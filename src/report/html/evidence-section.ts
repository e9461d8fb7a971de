/** What the report is made from. */
import { type Evidence, evidenceLines } from '../evidence.ts';
import { type Element, h } from './element.ts';
import { section } from './sections.ts';
import { shown } from './text.ts';

/** These have a part of the page of their own. */
const ELSEWHERE = new Set(['declared', 'not seen']);

export function evidenceSection(evidence: Evidence, id: string): Element {
  const lines = evidenceLines(evidence).filter(({ label }) => !ELSEWHERE.has(label));
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
