/** A user or role that a resource declares, as the command that makes it. */
import { type Command, type Node, node, unresolved } from './node.ts';

export interface Declared {
  readonly file: string;
  readonly line: number;
  readonly name: Node | undefined;
  readonly db: Node | undefined;
  /** Fields of `createUser` or `createRole`; those that are absent are not said. */
  readonly fields: Readonly<Record<string, Node | undefined>>;
  readonly uncertain?: string | undefined;
}

/** `db`: `admin` where a resource does not say. */
export function declare(kind: 'createUser' | 'createRole', declared: Declared): Command {
  const { file, line, name, db, fields, uncertain } = declared;
  return {
    file,
    line,
    name: kind,
    target: name ?? unresolved('its name', line),
    db: db ?? node('admin', line),
    fields: new Map(
      Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
    ),
    ...(uncertain !== undefined && { uncertain }),
  };
}

/** As it is, or uncertain where it hangs on a template. */
export function ifMade(command: Command, template: string | undefined): Command {
  return template === undefined ? command : { ...command, uncertain: `whether it is made hangs on ${template}` };
}

/** A list with its items changed; what is no list stays what it is. */
export function mapItems(list: Node | undefined, change: (item: Node) => Node): Node | undefined {
  if (list === undefined || !Array.isArray(list.data)) return list;
  return node(list.data.map(change), list.line);
}

/** A map with its keys renamed; keys that map to nothing are dropped, others stay. */
export function renamed(value: Node, names: Readonly<Record<string, string | undefined>>): Node {
  if (!(value.data instanceof Map)) return value;
  const entries = [...value.data].flatMap(([key, inner]): [string, Node][] => {
    if (!Object.hasOwn(names, key)) return [[key, inner]];
    const name = names[key];
    return name === undefined ? [] : [[name, inner]];
  });
  return node(new Map(entries), value.line);
}

/** A map of these fields, without those that are not there. */
export function documentNode(line: number, fields: Readonly<Record<string, Node | undefined>>): Node {
  return node(
    new Map(Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]))),
    line,
  );
}
