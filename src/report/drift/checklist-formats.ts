/** The audit-trail guide's checklist as a document of its own. */
import { type ChecklistPoint, STATUS_WORDS } from '../../drift/checklist.ts';
import type { ChecklistReport as ChecklistJson } from '../../generated/output-drift-checklist.ts';
import { evidenceText } from '../evidence.ts';
import type { Facts } from '../findings.ts';
import { evidenceBlock, text as markdownText } from '../formats/markdown-parts.ts';
import { jsonText } from '../json-text.ts';
import { wrap } from '../layout.ts';
import type { Paint } from '../paint.ts';
import { stateTitle } from '../state-title.ts';
import type { DriftDocument } from './document.ts';
import type { DriftFleet, Unread } from './fleet.ts';
import type { DriftFormat } from './formats.ts';

export const CHECKLIST_FORMATS: readonly string[] = ['text', 'markdown', 'json', 'html'];

const MARKS = { verified: '[x]', declared: '[x]', failed: '[ ]', unknown: '[ ]' } as const;

/** Of the forms that {@link CHECKLIST_FORMATS} names. */
export async function formatChecklist(
  format: DriftFormat,
  { documents, unread }: DriftFleet,
  _help: Omit<Facts, 'evidence'>,
  paint: Paint,
): Promise<string> {
  switch (format) {
    case 'json':
      return jsonText(checklistJson(documents, unread));
    case 'markdown':
      return [
        ...documents.map(markdownOf),
        ...unread.map(({ cluster, message }) => `### ${markdownText(cluster)}\n\n${markdownText(message)}\n`),
      ].join('\n');
    case 'html': {
      const { checklistPage } = await import('../html/page.ts');
      return checklistPage(documents, unread);
    }
    default:
      return [
        ...documents.map((document) => textOf(document, paint)),
        ...unread.map(({ cluster, message }) => `${paint('red', 'not read')} ${cluster}: ${message}\n`),
      ].join('\n');
  }
}

/** The longest word, and a blank. */
const WIDTH = STATUS_WORDS.unknown.length + 1;

function checklistJson(documents: readonly DriftDocument[], unread: readonly Unread[]): ChecklistJson {
  return {
    clusters: [
      ...documents.map(({ id, evidence, checklist }) => ({
        cluster: id,
        evidence,
        checklist: checklist.map((point) => ({ ...point, evidence: [...point.evidence] })),
      })),
      ...unread.map(({ cluster, message }) => ({ cluster, error: message })),
    ],
  };
}

const STYLES = { verified: 'green', declared: 'cyan', failed: 'red', unknown: 'yellow' } as const;

function textOf({ cluster, server, checklist, evidence }: DriftDocument, paint: Paint): string {
  const points = checklist.map(({ title, status, evidence: told, link }) =>
    [
      `${paint(STYLES[status], STATUS_WORDS[status].padEnd(WIDTH - 1))} ${wrap(title, WIDTH)}`,
      ...told.map((sentence) => paint('dim', `${' '.repeat(WIDTH)}${wrap(sentence, WIDTH)}`)),
      ...(link === undefined ? [] : [`${' '.repeat(WIDTH)}${link}`]),
    ].join('\n'),
  );
  const title = stateTitle('Checklist', cluster, { server, unreadable: [] }, paint);
  return `${[title, points.join('\n'), evidenceText(evidence, paint), paint('bold', summary(checklist))].join('\n\n')}\n`;
}

function summary(points: readonly ChecklistPoint[]): string {
  const of = (status: ChecklistPoint['status']): number => points.filter((point) => point.status === status).length;
  return `${of('verified')} verified, ${of('declared')} declared, ${of('failed')} not so, ${of('unknown')} not verifiable from here.`;
}

function markdownOf({ cluster, checklist, evidence }: DriftDocument): string {
  const groups = [...new Set(checklist.map(({ group }) => group))];
  const item = ({ title, status, evidence: told, link }: ChecklistPoint): string =>
    [
      `- ${MARKS[status]} **${STATUS_WORDS[status]}** ${markdownText(title)}`,
      ...told.map((sentence) => `  - ${markdownText(sentence)}`),
      ...(link === undefined ? [] : [`  - <${link}>`]),
    ].join('\n');
  const blocks = groups.map(
    (group) =>
      `#### ${group}\n\n${checklist
        .filter((point) => point.group === group)
        .map(item)
        .join('\n')}`,
  );
  return `${[`### The audit-trail guide's checklist: ${markdownText(cluster)}`, summary(checklist), ...blocks, evidenceBlock(evidence)].join('\n\n')}\n`;
}
