/** Expectations as text: a new file of them, and what is added to one that is there. */
import { isMap, isSeq, parseDocument } from 'yaml';
import { escapeHidden } from '../input/characters.ts';
import type { Promised, Promises } from './promises.ts';

/** A new file. */
export function writeExpectations(policy: string, { given, promised }: Promises): string {
  const users = Object.entries(given.users);
  return [
    'apiVersion: mongoward/v1',
    `test: ${policy}`,
    ...(users.length === 0 && given.databases.length === 0
      ? []
      : [
          '',
          'given: # besides what the policy makes',
          `  databases: ${flow(given.databases)}`,
          ...(users.length === 0 ? [] : ['  users:']),
          ...users.map(([name, roles]) => `    ${flow(name)}: ${flow(roles)}`),
        ]),
    '',
    'expect:',
    ...entryLines(promised),
    '',
  ].join('\n');
}

/** One line for each, with a comment above the first of a group. */
export function entryLines(promised: readonly Promised[], indent = '  '): readonly string[] {
  return promised.flatMap(({ about, entry }, index) => {
    const line = `${indent}- ${flow(entry)}`;
    if (promised[index - 1]?.about === about) return [line];
    return [...(index === 0 ? [] : ['']), `${indent}# ${about}`, line];
  });
}

/**
 * The text with entries added at the end of `expect`, everything else as it stands. Nothing if the list is not written
 * with a line for each entry.
 */
export function withEntries(text: string, promised: readonly Promised[]): string | undefined {
  const { contents } = parseDocument(text);
  const list = isMap(contents) ? contents.get('expect', true) : undefined;
  if (!isSeq(list) || list.flow === true || !list.range) return undefined;
  const [start, end] = list.range;
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const before = text.slice(0, end).trimEnd();
  const rest = text.slice(before.length).replace(/^[ \t]*\r?\n?/, '');
  return `${[before, '', ...entryLines(promised, indent)].join('\n')}\n${rest}`;
}

/** On one line: `{ as: app@admin, may: [find, insert] }`. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return scalar(value);
  const entries = Object.entries(value).map(([key, item]) => `${KEY.test(key) ? key : scalar(key)}: ${flow(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** What YAML takes for this very text, also between brackets. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][\w.@/*$-]*$/i;

const KEY = /^(?!(?:true|false|null)$)[A-Za-z_][\w.@-]*$/i;

function scalar(value: unknown): string {
  return typeof value === 'string' && PLAIN.test(value) ? value : escapeHidden(JSON.stringify(value));
}
