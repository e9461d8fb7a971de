/** The compiled intent for people: YAML. */
import { stringify } from 'yaml';
import type { IntentDocument } from './intent-document.ts';

export function intentText(document: IntentDocument): string {
  const shown = Object.fromEntries(Object.entries(document).filter(([, value]) => !isEmpty(value)));
  return stringify(shown, { lineWidth: 80, aliasDuplicateObjects: false });
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
