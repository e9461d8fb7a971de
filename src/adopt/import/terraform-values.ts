/** References of Terraform that files answer themselves: variables that were given, locals, attributes of resources. */
import { parseExpression } from './hcl.ts';
import { isUnresolved, type Node, node, unresolved } from './node.ts';

/** What a reference such as `local.roles` or `mongodb_db_role.reader.name` stands for. */
export type LookUp = (path: readonly string[]) => Node | undefined;

const REFERENCE = /^[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\]|\["[^"]*"\])*$/;

/** Deeper than locals ever stand for each other, but for those that do in a circle. */
const DEEPEST = 20;

export function resolved(value: Node, lookUp: LookUp, depth = 0): Node {
  const { data, line } = value;
  if (depth > DEEPEST || data === null || typeof data !== 'object') return value;
  if (isUnresolved(data)) return fromText(data.unresolved, line, lookUp, depth) ?? value;
  if (data instanceof Map)
    return node(new Map([...data].map(([key, inner]) => [key, resolved(inner, lookUp, depth + 1)])), line);
  return Array.isArray(data)
    ? node(
        data.map((item: Node) => resolved(item, lookUp, depth + 1)),
        line,
      )
    : value;
}

function fromText(text: string, line: number, lookUp: LookUp, depth: number): Node | undefined {
  if (REFERENCE.test(text)) {
    const found = lookUp(pathOf(text));
    return found === undefined ? undefined : { ...resolved(found, lookUp, depth + 1), line };
  }
  const set = /^(?:toset|tolist)\(([\s\S]*)\)$/.exec(text)?.[1];
  if (set !== undefined) return resolved(parsed(set, line), lookUp, depth + 1);
  if (text.startsWith('"') && text.endsWith('"')) return template(text.slice(1, -1), line, lookUp, depth);
  return undefined;
}

function parsed(text: string, line: number): Node {
  try {
    return parseExpression(text.trim(), line);
  } catch {
    return unresolved(text, line);
  }
}

function pathOf(text: string): readonly string[] {
  return [...text.matchAll(/[\w-]+|"([^"]*)"/g)].map(([word, quoted]) => quoted ?? word);
}

/** A text with references in it, and nothing more than that. */
function template(inside: string, line: number, lookUp: LookUp, depth: number): Node | undefined {
  let isKnown = true;
  const filled = inside.replaceAll(/\$\{([^{}]*)\}/g, (reference, expression: string) => {
    const { data } = resolved(unresolved(expression.trim(), line), lookUp, depth + 1);
    if (typeof data === 'string' || typeof data === 'number') return String(data);
    isKnown = false;
    return reference;
  });
  return isKnown && !/[$%]\{/.test(filled) && !filled.includes('\\') ? node(filled, line) : undefined;
}
