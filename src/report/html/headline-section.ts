/** The headline, and the few numbers that it rests on. */

import { SOON_DAYS } from '../../drift/deadlines.ts';
import type { DriftDocument } from '../drift/document.ts';
import { countSeverities, severitySummary } from '../findings-text.ts';
import { count } from '../layout.ts';
import { serverText } from '../state-title.ts';
import { type Content, type Element, h } from './element.ts';
import { shown } from './text.ts';

type Tone = 'bad' | 'hm' | 'good';

export interface Headline {
  readonly tone: Tone;
  readonly sentence: string;
}

export function headlineOf({ report }: DriftDocument): Headline {
  const counts = countSeverities(report.findings);
  const unseen = report.unreadable.length;
  const missing = unseen === 0 ? '' : `, and ${count(unseen, 'part')} could not be seen`;
  if (counts.errors > 0) return { tone: 'bad', sentence: `Drift: ${severitySummary(counts)}${missing}` };
  if (unseen > 0) return { tone: 'hm', sentence: `No drift in what could be seen${missing}` };
  const rest = severitySummary(counts);
  return { tone: counts.warnings > 0 ? 'hm' : 'good', sentence: `No drift${rest === '' ? '' : `, ${rest}`}` };
}

export function headlineSection(document: DriftDocument, id: string): Element {
  const { report, cluster, server, evidence } = document;
  const at = evidence.generatedAt;
  const { tone, sentence } = headlineOf(document);
  const facts: readonly (readonly [string, string])[] = [
    ['Policy', report.policy],
    ['Cluster', cluster],
    ['Server', serverText({ server })],
    ...(at === undefined ? [] : [['Read on', `${at.slice(0, 16).replace('T', ' ')} UTC`] as const]),
  ];
  return h(
    'header',
    { class: `headline ${tone}` },
    h('h1', {}, h('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS[tone]), `${sentence}.`),
    h('dl', {}, ...facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, shown(value))))),
    h('nav', { 'aria-label': 'Parts of this report' }, h('ul', { class: 'tiles' }, ...tilesOf(document, id))),
  );
}

const MARKS: Readonly<Record<Tone, string>> = { bad: '✕', hm: '!', good: '✓' };

function tilesOf({ report, matrix, exemptions, checklist }: DriftDocument, id: string): readonly Content[] {
  const { accounts } = matrix;
  const breaking = accounts.filter(({ cells }) =>
    cells.some((cell) => cell.some(({ decision }) => decision === 'broken')),
  );
  const next = exemptions.find(({ daysLeft }) => daysLeft >= 0);
  const failed = checklist.filter(({ status }) => status === 'failed').length;
  const proven = checklist.filter(({ status }) => status === 'verified').length;
  const declared = checklist.filter(({ status }) => status === 'declared').length;
  const counts = countSeverities(report.findings);
  return [
    tile(
      `${id}findings`,
      counts.errors > 0 ? 'bad' : 'good',
      report.findings.length,
      'findings',
      severitySummary(counts) || 'nothing to say',
    ),
    tile(
      `${id}access`,
      breaking.length > 0 ? 'bad' : 'good',
      breaking.length,
      'accounts break the policy',
      `of ${accounts.length} looked at`,
    ),
    tile(
      `${id}checklist`,
      failed > 0 ? 'bad' : 'good',
      `${proven} / ${checklist.length}`,
      'points verified',
      `${declared} declared, ${failed} not so`,
    ),
    tile(
      `${id}exemptions`,
      next !== undefined && next.daysLeft <= SOON_DAYS ? 'hm' : 'good',
      report.breakGlass,
      `account${report.breakGlass === 1 ? '' : 's'} exempt`,
      next === undefined ? 'nobody is exempt' : `the first ends in ${count(next.daysLeft, 'day')}`,
    ),
  ];
}

function tile(target: string, tone: Tone, number: string | number, what: string, more: string): Element {
  return h(
    'li',
    {},
    h(
      'a',
      { href: `#${target}`, class: `tile ${tone}` },
      h('strong', {}, number),
      h('span', {}, what),
      h('small', {}, more),
    ),
  );
}
