/** The compiled intent for people: YAML, with what is not carried out yet said at the end. */
import { stringify } from 'yaml';
import type { IntentDocument } from './intent-document.ts';
import type { Paint } from './paint.ts';

export function intentText(document: IntentDocument, paint: Paint): string {
  const { notCarriedOutYet, ...rest } = document;
  const shown = Object.fromEntries(Object.entries(rest).filter(([, value]) => !isEmpty(value)));
  const notes = (Array.isArray(notCarriedOutYet) ? notCarriedOutYet : []).map((part) =>
    paint('dim', `# Not carried out yet: ${String(part)}\n`),
  );
  return `${stringify(shown, { lineWidth: 80, aliasDuplicateObjects: false })}${notes.join('')}`;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
