/** Literals of a script, and what is put together from them. Everything else is unresolved. */
import type {
  AnyNode,
  ArrayExpression,
  CallExpression,
  Expression,
  MemberExpression,
  ObjectExpression,
  Property,
} from 'acorn';
import { isSecretName } from '../../policy/secrets.ts';
import { lineIn, type Scope } from './mongosh-scope.ts';
import { isUnresolved, type Node, node, unresolved, type Variables } from './node.ts';
import { short } from './shapes.ts';

/** An expression as it is written, without the texts in it that may be secrets. */
export function sourceOf(part: AnyNode, { text }: Pick<Scope, 'text'>): string {
  let written = '';
  let at = part.start;
  for (const { start, end } of hiddenIn(part)) {
    written += `${text.slice(at, start)}'…'`;
    at = end;
  }
  return short(written + text.slice(at, part.end));
}

/** Texts that are handed over, or stand in a document, a list, or beside what is called a secret; in their order. */
function hiddenIn(part: AnyNode, hides = false): readonly AnyNode[] {
  if (isText(part)) return hides ? [part] : [];
  const within = hides || HANDS_OVER.has(part.type) || (part.type === 'BinaryExpression' && namesSecret(part));
  return partsOf(part)
    .flatMap((inner) => hiddenIn(inner, within))
    .toSorted((a, b) => a.start - b.start);
}

const HANDS_OVER = new Set(['CallExpression', 'NewExpression', 'ObjectExpression', 'ArrayExpression']);

function isText(part: AnyNode): boolean {
  return part.type === 'TemplateLiteral' || (part.type === 'Literal' && typeof part.value === 'string');
}

function namesSecret(part: AnyNode): boolean {
  let found = false;
  walk(part, (inner) => {
    found ||= inner.type === 'Identifier' && isSecretName(inner.name);
  });
  return found;
}

export function literalOf(expression: Expression | AnyNode, scope: Scope): Node {
  return knownValue(expression, scope) ?? unresolved(sourceOf(expression, scope), lineIn(scope, expression));
}

/** Nothing for what is no literal. */
function knownValue(expression: AnyNode, scope: Scope): Node | undefined {
  const line = lineIn(scope, expression);
  const given = scope.variables.get(environmentName(expression) ?? '');
  if (given !== undefined) return node(given, line);
  switch (expression.type) {
    case 'Literal': {
      const { value } = expression;
      if (typeof value === 'string') return shellText(value, line, scope.variables);
      return typeof value === 'number' || typeof value === 'boolean' || value === null ? node(value, line) : undefined;
    }
    case 'TemplateLiteral':
      return joined(
        expression.quasis.flatMap(({ value }, at) => {
          const inner = expression.expressions[at];
          return [value.cooked ?? undefined, ...(inner === undefined ? [] : [scalarText(literalOf(inner, scope))])];
        }),
        line,
      );
    case 'BinaryExpression':
      if (expression.operator !== '+') return undefined;
      return joined(
        [expression.left, expression.right].map((side) => scalarText(literalOf(side, scope))),
        line,
      );
    case 'ArrayExpression':
      return arrayOf(expression, scope, line);
    case 'ObjectExpression':
      return objectOf(expression, scope, line);
    case 'Identifier':
      return at(scope.names.get(expression.name), line);
    case 'MemberExpression':
      return memberOf(expression, scope, line);
    case 'LogicalExpression':
      return expression.operator === '&&' ? undefined : knownValue(expression.left, scope);
    case 'CallExpression':
      return isNameOf(expression) ? scope.db : undefined;
    case 'UnaryExpression': {
      const { data } = literalOf(expression.argument, scope);
      return expression.operator === '-' && typeof data === 'number' ? node(-data, line) : undefined;
    }
    default:
      return undefined;
  }
}

/** `db.getName()` */
function isNameOf({ callee }: CallExpression): boolean {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false;
  return callee.property.name === 'getName' && callee.object.type === 'Identifier' && callee.object.name === 'db';
}

function joined(parts: readonly (string | undefined)[], line: number): Node | undefined {
  return parts.includes(undefined) ? undefined : node(parts.join(''), line);
}

/** A value that stands elsewhere, where it is used. */
function at(value: Node | undefined, line: number): Node | undefined {
  return value === undefined || isUnresolved(value.data) ? undefined : { ...value, line };
}

function arrayOf({ elements }: ArrayExpression, scope: Scope, line: number): Node {
  const items = elements.flatMap((element): readonly Node[] => {
    if (element === null) return [node(null, line)];
    if (element.type !== 'SpreadElement') return [literalOf(element, scope)];
    const spread = literalOf(element.argument, scope);
    return Array.isArray(spread.data) ? spread.data : [unresolved(sourceOf(element, scope), line)];
  });
  return node(items, line);
}

function objectOf({ properties }: ObjectExpression, scope: Scope, line: number): Node | undefined {
  const fields = new Map<string, Node>();
  for (const property of properties) {
    const name = property.type === 'Property' ? keyOf(property) : undefined;
    if (name === undefined || property.type !== 'Property') return undefined;
    fields.set(name, literalOf(property.value, scope));
  }
  return node(fields, line);
}

/** The name of a property; nothing for one that is worked out. */
export function keyOf({ key, computed, kind }: Pick<Property, 'key' | 'computed' | 'kind'>): string | undefined {
  if (computed || kind !== 'init') return undefined;
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : undefined;
}

function memberOf({ object, property, computed }: MemberExpression, scope: Scope, line: number): Node | undefined {
  const { data } = literalOf(object, scope);
  if (!(data instanceof Map)) return undefined;
  const name = computed
    ? scalarText(literalOf(property, scope))
    : property.type === 'Identifier'
      ? property.name
      : undefined;
  return name === undefined ? undefined : at(data.get(name), line);
}

/** In a script that a shell puts together, or in a template of an image. */
const SHELL_VARIABLE = /\$\{([^{}]*)\}|\$([A-Za-z_]\w*)/g;
const TEMPLATE = /\$\([^$)]*\)|\{\{[^{}]*\}\}|<%[^%]*%>/;

/** A text in which a shell may put values of its environment. */
export function shellText(text: string, line: number, variables: Variables): Node {
  let isKnown = !TEMPLATE.test(text);
  const filled = text.replaceAll(SHELL_VARIABLE, (reference, braced?: string, bare?: string) => {
    // A database that begins with a dollar sign, which no shell has put there.
    if (reference === '$external') return reference;
    const value = variables.get(braced ?? bare ?? '');
    isKnown &&= value !== undefined;
    return value ?? reference;
  });
  return isKnown && !filled.includes('${') ? node(filled, line) : unresolved(text, line);
}

/** `process.env.NAME` and `_getEnv('NAME')` */
function environmentName(expression: AnyNode): string | undefined {
  if (expression.type === 'MemberExpression' && expression.property.type === 'Identifier') {
    const { object } = expression;
    const isEnv =
      object.type === 'MemberExpression' && object.property.type === 'Identifier' && object.property.name === 'env';
    return isEnv ? expression.property.name : undefined;
  }
  if (expression.type !== 'CallExpression' || expression.callee.type !== 'Identifier') return undefined;
  const [name] = expression.arguments;
  const isAsked = expression.callee.name === '_getEnv' || expression.callee.name === 'getEnv';
  return isAsked && name?.type === 'Literal' && typeof name.value === 'string' ? name.value : undefined;
}

function scalarText({ data }: Node): string | undefined {
  return typeof data === 'string' ? data : typeof data === 'number' ? String(data) : undefined;
}

const LOOKS = new Set(['getUser', 'getUsers', 'getRole', 'getRoles', 'usersInfo', 'rolesInfo']);

/**
 * Whether a condition only asks if a user or role is there: each part of it, if it is put together. `answers`: variables
 * that hold nothing but such an answer.
 */
export function existenceTest(test: AnyNode, answers: ReadonlySet<string>): boolean {
  if (test.type === 'LogicalExpression') return existenceTest(test.left, answers) && existenceTest(test.right, answers);
  if (test.type === 'UnaryExpression') return existenceTest(test.argument, answers);
  let looks = false;
  walk(test, (part) => {
    if (part.type === 'Identifier' && (LOOKS.has(part.name) || answers.has(part.name))) looks = true;
    if (part.type === 'Literal' && part.value === 'system.users') looks = true;
  });
  return looks;
}

const NO_ANSWERS: ReadonlySet<string> = new Set();

/** Variables that are declared with such a question, wherever they are, and given nothing else. */
export function answersIn(program: AnyNode): ReadonlySet<string> {
  const answers = new Set<string>();
  const others = new Set<string>();
  walk(program, (part) => {
    if (part.type === 'VariableDeclarator' && part.id.type === 'Identifier') {
      (part.init && existenceTest(part.init, NO_ANSWERS) ? answers : others).add(part.id.name);
    }
    if (part.type === 'AssignmentExpression' && part.left.type === 'Identifier') others.add(part.left.name);
  });
  return new Set([...answers].filter((name) => !others.has(name)));
}

/** Every part of a tree, the whole first. */
export function walk(part: AnyNode, look: (part: AnyNode) => void): void {
  look(part);
  for (const inner of partsOf(part)) walk(inner, look);
}

/** What a part of a tree is put together from. */
export function partsOf(part: AnyNode): readonly AnyNode[] {
  return Object.values(part)
    .flat()
    .filter(
      (inner): inner is AnyNode =>
        typeof inner === 'object' && inner !== null && 'type' in inner && typeof inner.type === 'string',
    );
}
