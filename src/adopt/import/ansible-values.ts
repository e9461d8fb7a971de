/** Values of Ansible with their templates filled in, as far as it is known what stands for them. */
import { isUnresolved, type Node, node, unresolved } from './node.ts';

export type AnsibleNames = ReadonlyMap<string, Node>;

const WHOLE = /^\{\{\s*(\w+)((?:\.\w+|\[["']\w+["']\])*)\s*\}\}$/;
const PART = /\{\{\s*(\w+)((?:\.\w+|\[["']\w+["']\])*)\s*\}\}/g;

/** Deeper than variables ever stand for each other, but for those that do in a circle. */
const DEEPEST = 20;

export function ansibleValue(value: Node, names: AnsibleNames, depth = 0): Node {
  const { data, line } = value;
  if (depth > DEEPEST) return unresolved('a variable that stands for itself', line);
  if (typeof data === 'string') return text(data, line, names, depth);
  if (data instanceof Map)
    return node(new Map([...data].map(([key, inner]) => [key, ansibleValue(inner, names, depth + 1)])), line);
  if (Array.isArray(data))
    return node(
      data.map((item: Node) => ansibleValue(item, names, depth + 1)),
      line,
    );
  return value;
}

function text(written: string, line: number, names: AnsibleNames, depth: number): Node {
  if (!written.includes('{{') && !written.includes('{%')) return node(written, line);
  const [, whole, path = ''] = WHOLE.exec(written) ?? [];
  if (whole !== undefined) {
    const found = lookUp(whole, path, names);
    return found === undefined ? unresolved(written, line) : { ...ansibleValue(found, names, depth + 1), line };
  }
  let isKnown = !written.includes('{%');
  const filled = written.replaceAll(PART, (reference, name: string, inner: string) => {
    const found = lookUp(name, inner, names);
    const plain = found === undefined ? undefined : ansibleValue(found, names, depth + 1).data;
    if (typeof plain === 'string' || typeof plain === 'number') return String(plain);
    isKnown = false;
    return reference;
  });
  return isKnown && !filled.includes('{{') ? node(filled, line) : unresolved(written, line);
}

function lookUp(name: string, path: string, names: AnsibleNames): Node | undefined {
  const keys = [...path.matchAll(/\w+/g)].map(([key]) => key);
  const found = keys.reduce<Node | undefined>(
    (value, key) => (value?.data instanceof Map ? value.data.get(key) : undefined),
    names.get(name),
  );
  return found === undefined || isUnresolved(found.data) ? undefined : found;
}
