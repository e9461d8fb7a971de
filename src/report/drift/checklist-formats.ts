/** The audit-trail guide's checklist as a document of its own. */
import type { ChecklistPoint } from '../../drift/checklist.ts';
import { evidenceText } from '../evidence.ts';
import type { Facts } from '../findings.ts';
import { evidenceBlock, text as markdownText } from '../formats/markdown-parts.ts';
import { jsonText } from '../json-text.ts';
import { wrap } from '../layout.ts';
import type { Paint } from '../paint.ts';
import { stateTitle } from '../state-title.ts';
import type { DriftDocument } from './document.ts';
import type { DriftFleet } from './fleet.ts';
import type { DriftFormat } from './formats.ts';

export const CHECKLIST_FORMATS: readonly string[] = ['text', 'markdown', 'json', 'html'];

const STATUSES = { verified: 'verified', declared: 'declared', failed: 'not so', unknown: 'not verifiable' } as const;

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
      return jsonText({
        clusters: [
          ...documents.map(({ cluster, evidence, checklist }) => ({ cluster, evidence, checklist })),
          ...unread.map(({ cluster, message }) => ({ cluster, error: message })),
        ],
      });
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

const STYLES = { verified: 'green', declared: 'cyan', failed: 'red', unknown: 'yellow' } as const;

function textOf({ cluster, server, checklist, evidence }: DriftDocument, paint: Paint): string {
  const points = checklist.map(({ title, status, evidence: told, link }) =>
    [
      `${paint(STYLES[status], STATUSES[status].padEnd(14))} ${wrap(title, 15)}`,
      ...told.map((sentence) => paint('dim', `${' '.repeat(15)}${wrap(sentence, 15)}`)),
      ...(link === undefined ? [] : [`${' '.repeat(15)}${link}`]),
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
      `- ${MARKS[status]} **${STATUSES[status]}** ${markdownText(title)}`,
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
