/** Members of objects in a JSON text, set so that everything else stays as it is, byte for byte. */
import { isMap, isNode, isPair, isScalar, type Pair, type YAMLMap } from 'yaml';
import { documentOf } from '../input/yaml.ts';
import type { DocumentPath } from '../policy/problem.ts';
import type { SourceFile } from '../policy/source.ts';

export interface MemberEdit {
  /** The object. */
  readonly object: DocumentPath;
  /** Members in the order in which those that are missing are added, after those that are there. */
  readonly members: readonly (readonly [name: string, value: unknown])[];
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with the edits made. Each object is edited once at most, and none that lies in a value which is set. */
export function setMembers(source: SourceFile, edits: readonly MemberEdit[]): string {
  const document = documentOf(source.text);
  const changes = edits.flatMap(({ object, members }) => {
    const map = document.getIn(object, true);
    return isMap(map) ? changesOf(source.text, map, members) : [];
  });
  return changes
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), source.text);
}

function changesOf(text: string, map: YAMLMap, members: MemberEdit['members']): readonly Change[] {
  const style = styleOf(text, map);
  const present = (name: string): Pair | undefined =>
    map.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === name);
  const replaced = members.flatMap(([name, value]): Change[] => {
    const range = rangeOf(present(name)?.value);
    return range === undefined ? [] : [{ ...range, text: valueText(value, style) }];
  });
  const added = members.filter(([name]) => present(name) === undefined);
  if (added.length === 0) return replaced;
  const written = added.map(([name, value]) => `${JSON.stringify(name)}:${style.space}${valueText(value, style)}`);
  const last = rangeOf(map.items.at(-1)?.value);
  if (last !== undefined) {
    return [
      ...replaced,
      { start: last.end, end: last.end, text: written.map((one) => `,${style.gap}${one}`).join('') },
    ];
  }
  const whole = rangeOf(map);
  return whole === undefined ? [] : [{ ...whole, text: `{${written.join(`,${style.space}`)}}` }];
}

interface Style {
  /** Between a comma and the next member. */
  readonly gap: string;
  /** After a colon, and between members on one line. */
  readonly space: string;
  /** Absent: on one line. */
  readonly lines?: { readonly indent: string; readonly step: string; readonly end: string };
}

/** As the object's own members are laid out. */
function styleOf(text: string, map: YAMLMap): Style {
  const [first] = map.items;
  const key = rangeOf(first?.key);
  const start = rangeOf(map)?.start ?? 0;
  if (key === undefined) return { gap: ' ', space: ' ' };
  const space = /^\s*:[ \t]/.test(text.slice(key.end)) ? ' ' : '';
  const lead = text.slice(start + 1, key.start);
  if (!lead.includes('\n')) return { gap: space, space };
  const indent = lead.slice(lead.lastIndexOf('\n') + 1);
  const lineStart = text.lastIndexOf('\n', start) + 1;
  const outer = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
  const step = indent.startsWith(outer) && indent !== outer ? indent.slice(outer.length) : '  ';
  const end = lead.includes('\r\n') ? '\r\n' : '\n';
  return { gap: `${end}${indent}`, space, lines: { indent, step, end } };
}

function valueText(value: unknown, { lines, space }: Style): string {
  if (lines !== undefined) {
    return JSON.stringify(value, undefined, lines.step).replaceAll('\n', `${lines.end}${lines.indent}`);
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, inner]) => `${JSON.stringify(name)}:${space}${JSON.stringify(inner)}`,
  );
  return `{${members.join(`,${space}`)}}`;
}

function rangeOf(node: unknown): { readonly start: number; readonly end: number } | undefined {
  const [start, end] = (isNode(node) ? node.range : undefined) ?? [];
  return start === undefined || end === undefined ? undefined : { start, end };
}
