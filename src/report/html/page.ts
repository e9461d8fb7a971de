/**
 * The drift report as one file that a browser shows by itself: nothing is loaded, and its Content Security Policy lets
 * nothing but its own style and script have an effect.
 */

import type { AccessMatrix, MatrixAccount } from '../../drift/access-matrix.ts';
import { SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH } from '../../generated/report-page.ts';
import type { DriftDocument } from '../drift/document.ts';
import type { Unread } from '../drift/fleet.ts';
import { changesSection } from './changes-section.ts';
import { checklistSection } from './checklist-section.ts';
import { deadlineSections } from './deadlines-section.ts';
import { type Content, type Element, h, render } from './element.ts';
import { escalationSection } from './escalation-section.ts';
import { evidenceSection } from './evidence-section.ts';
import { findingsSection } from './findings-section.ts';
import { headlineOf, headlineSection } from './headline-section.ts';
import { matrixData } from './matrix-data.ts';
import { matrixSection } from './matrix-section.ts';
import { shown } from './text.ts';

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  `script-src 'sha256-${SCRIPT_HASH}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** A page for each cluster, and before them, if there are several, one that names all. */
export function htmlPage(documents: readonly DriftDocument[], unread: readonly Unread[] = []): string {
  const sorted = documents.map((document) => ({ ...document, matrix: worstFirst(document.matrix) }));
  return page(sorted, unread, clusterPage);
}

function page(
  documents: readonly DriftDocument[],
  unread: readonly Unread[],
  pageOf: (document: DriftDocument, id: string) => Element,
): string {
  const several = documents.length + unread.length > 1;
  const pages = documents.map((document, at) => pageOf(document, several ? `c${at}-` : ''));
  const titles = documents.map(({ cluster }) => cluster).join(', ');
  const [first] = documents;
  const body: readonly Content[] = [
    ...(several || first === undefined ? [overview(documents, unread)] : []),
    ...pages,
    h(
      'footer',
      {},
      h(
        'p',
        {},
        first === undefined ? 'Mongoward' : `Mongoward ${first.version}. Read on ${first.today}.`,
        ' This page loads nothing and sends nothing.',
      ),
    ),
  ];
  const data = documents.map(({ matrix }) => matrixData(matrix));
  return [
    '<!doctype html>',
    '<html lang=en><head><meta charset=utf-8>',
    render(h('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY })),
    '<meta name=viewport content="width=device-width,initial-scale=1"><meta name=color-scheme content="light dark">',
    '<meta name=referrer content=no-referrer>',
    render(h('title', {}, `Drift of ${shown(titles)}`)),
    `<style>${STYLE}</style></head><body>`,
    render(h('a', { class: 'skip', href: '#main' }, 'Skip to the report')),
    render(h('main', { id: 'main' }, ...body)),
    render(h('dialog', { id: 'account', 'aria-labelledby': 'account-title' })),
    `<script type="application/json" id=data>${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`,
    `<script>${SCRIPT}</script></body></html>\n`,
  ].join('');
}

/** Whoever breaks the policy most comes first; then by name. */
function worstFirst(matrix: AccessMatrix): AccessMatrix {
  const broken = ({ cells }: MatrixAccount): number =>
    cells.flat().filter(({ decision }) => decision === 'broken').length;
  return { ...matrix, accounts: [...matrix.accounts].sort((a, b) => broken(b) - broken(a)) };
}

/** The guide's checklist alone. */
export function checklistPage(documents: readonly DriftDocument[], unread: readonly Unread[] = []): string {
  return page(documents, unread, checklistOnly);
}

function checklistOnly(document: DriftDocument, id: string): Element {
  return h(
    'article',
    { id: id === '' ? undefined : `${id}page`, 'aria-label': shown(document.cluster), class: 'cluster' },
    h('header', {}, h('h1', {}, `Checklist of ${shown(document.cluster)}`)),
    checklistSection(document.checklist, id),
    evidenceSection(document.evidence, id),
  );
}

function clusterPage(document: DriftDocument, id: string): Element {
  return h(
    'article',
    { id: id === '' ? undefined : `${id}page`, 'aria-label': shown(document.cluster), class: 'cluster' },
    headlineSection(document, id),
    changesSection(document, id),
    matrixSection(document, id),
    escalationSection(document, id),
    findingsSection(document, id),
    checklistSection(document.checklist, id),
    ...deadlineSections(document, id),
    evidenceSection(document.evidence, id),
  );
}

function overview(documents: readonly DriftDocument[], unread: readonly Unread[]): Element {
  return h(
    'section',
    { class: 'overview', 'aria-labelledby': 'clusters-title' },
    h('h1', { id: 'clusters-title' }, `${documents.length + unread.length} clusters`),
    h(
      'ul',
      { class: 'cards' },
      ...unread.map(({ cluster, message }) =>
        h(
          'li',
          { class: 'card error' },
          h('p', {}, h('strong', {}, shown(cluster)), ' could not be read.'),
          h('p', {}, shown(message)),
        ),
      ),
      ...documents.map((document, at) => {
        const { tone, sentence } = headlineOf(document);
        return h(
          'li',
          { class: `card ${tone === 'bad' ? 'error' : tone === 'hm' ? 'warning' : 'good'}` },
          h('p', {}, h('a', { href: `#c${at}-page` }, shown(document.cluster)), ` ${sentence}.`),
        );
      }),
    ),
  );
}
