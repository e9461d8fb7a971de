/** The audit-trail guide's checklist, each point with what it rests on. */
import { type ChecklistPoint, type PointStatus, STATUS_WORDS } from '../../drift/checklist.ts';
import { type Element, h } from './element.ts';
import { badge, section } from './sections.ts';
import { shown } from './text.ts';

const STATUS_ORDER = Object.keys(STATUS_WORDS) as PointStatus[];

export function checklistSection(points: readonly ChecklistPoint[], id: string): Element {
  const groups = [...new Set(points.map(({ group }) => group))];
  return section(
    `${id}checklist`,
    'The audit-trail guide’s checklist',
    bar(points),
    ...groups.flatMap((group) => [
      h('h3', {}, group),
      h('ul', { class: 'points' }, ...points.filter((point) => point.group === group).map(pointItem)),
    ]),
  );
}

function pointItem({ title, status, evidence, link }: ChecklistPoint): Element {
  return h(
    'li',
    { class: `point ${status}` },
    h('p', { class: 'about' }, badge(status, STATUS_WORDS[status]), h('strong', {}, title)),
    ...evidence.map((sentence) => h('p', {}, shown(sentence))),
    link !== undefined && h('p', {}, h('a', { href: link, rel: 'noreferrer noopener' }, 'Evidence'), ` ${shown(link)}`),
  );
}

/** A bar with a part for each status, as wide as it is frequent. */
function bar(points: readonly ChecklistPoint[]): Element {
  const counts = STATUS_ORDER.map(
    (status) => [status, points.filter((point) => point.status === status).length] as const,
  );
  const text = counts.map(([status, n]) => `${n} ${STATUS_WORDS[status]}`).join(', ');
  let x = 0;
  const parts = counts.map(([status, n]) => {
    const width = (100 * n) / Math.max(1, points.length);
    const part = h('rect', { class: status, x: x.toFixed(2), y: 0, width: width.toFixed(2), height: 10 });
    x += width;
    return part;
  });
  return h(
    'figure',
    { class: 'bar' },
    h('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', role: 'img', 'aria-label': text }, ...parts),
    h(
      'figcaption',
      {},
      ...counts.map(([status, n]) => h('span', { class: `key ${status}` }, `${n} ${STATUS_WORDS[status]}`)),
    ),
  );
}
