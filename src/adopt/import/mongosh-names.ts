/**
 * What becomes of the variables of a script that is read from top to bottom and not run: which of them hold at some moment
 * what nobody could tell from there, and which names a part of the script declares for itself.
 */
import type { AnyNode, CallExpression, Program } from 'acorn';
import { immediateBody } from './mongosh-calls.ts';
import { partsOf, walk } from './mongosh-values.ts';

/**
 * The variables that are not to be believed: assigned where nobody can tell whether, when or how often (in a branch, a loop,
 * a function), counted up, or changed in place (`list.push(…)`, `user.roles = …`), under this name or another.
 */
export function unsettledNames(program: Program): ReadonlySet<string> {
  const texts = textNames(program);
  const found = new Set<string>();
  const shared = new Map<string, string[]>();
  const visit = (part: AnyNode, straight: boolean): void => {
    for (const name of assignedBy(part, straight)) found.add(name);
    // A text is never changed in place.
    for (const name of changedBy(part)) if (!texts.has(name)) found.add(name);
    for (const [a, b] of sharedBy(part)) {
      if (texts.has(a) || texts.has(b)) continue;
      shared.set(a, [...(shared.get(a) ?? []), b]);
      shared.set(b, [...(shared.get(b) ?? []), a]);
    }
    for (const [inner, on] of stepsOf(part, straight)) visit(inner, on);
  };
  visit(program, true);
  // What is added while the set is gone through is gone through as well.
  for (const name of found) for (const other of shared.get(name) ?? []) found.add(other);
  return found;
}

/** The variables that are never anything but a text or a number. */
function textNames(program: Program): ReadonlySet<string> {
  const texts = new Set<string>();
  const others = new Set<string>();
  walk(program, (part) => {
    if (part.type === 'VariableDeclarator') sort(part.id, part.init);
    else if (part.type === 'AssignmentExpression') sort(part.left, part.right);
    else if ('params' in part) for (const parameter of part.params) sort(parameter);
  });
  function sort(target: AnyNode, value?: AnyNode | null): void {
    const isText = target.type === 'Identifier' && (value?.type === 'Literal' || value?.type === 'TemplateLiteral');
    for (const name of namesIn(target)) (isText ? texts : others).add(name);
  }
  return new Set([...texts].filter((name) => !others.has(name)));
}

/** What runs exactly once, when its line is reached. */
const STRAIGHT = new Set([
  'Program',
  'BlockStatement',
  'ExpressionStatement',
  'VariableDeclaration',
  'VariableDeclarator',
  'TryStatement',
  'SequenceExpression',
  'AwaitExpression',
  'AssignmentExpression',
]);

function stepsOf(part: AnyNode, straight: boolean): readonly (readonly [AnyNode, boolean])[] {
  const own = part.type === 'CallExpression' ? immediateBody(part) : undefined;
  if (own !== undefined) return [[own, straight]];
  const on = straight && STRAIGHT.has(part.type);
  return partsOf(part).map((inner) => [inner, on && inner.type !== 'CatchClause'] as const);
}

/** Variables that are given a value where nobody can tell whether, when or how often, or out of the one they had. */
function assignedBy(part: AnyNode, straight: boolean): readonly string[] {
  switch (part.type) {
    case 'AssignmentExpression':
      return part.left.type === 'Identifier' && part.operator === '=' && straight ? [] : namesIn(part.left);
    case 'UpdateExpression':
      return namesIn(part.argument);
    case 'ForInStatement':
    case 'ForOfStatement':
      return part.left.type === 'VariableDeclaration' ? [] : namesIn(part.left);
    default:
      return [];
  }
}

/** Change a list or a map in place. */
const CHANGES = new Set(['push', 'unshift', 'splice', 'pop', 'shift', 'sort', 'reverse', 'fill', 'copyWithin']);

function changedBy(part: AnyNode): readonly string[] {
  switch (part.type) {
    case 'AssignmentExpression':
      return part.left.type === 'MemberExpression' ? rootOf(part.left) : [];
    case 'UpdateExpression':
      return part.argument.type === 'MemberExpression' ? rootOf(part.argument) : [];
    case 'UnaryExpression':
      return part.operator === 'delete' ? rootOf(part.argument) : [];
    case 'CallExpression':
      return changedByCall(part);
    default:
      return [];
  }
}

function changedByCall({ callee, arguments: given }: CallExpression): readonly string[] {
  // A function of the script may change what it is given.
  if (callee.type === 'Identifier') return given.flatMap((each) => (TAKES.has(callee.name) ? [] : rootOf(each)));
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [];
  const { name } = callee.property;
  const [first] = given;
  if (callee.object.type === 'Identifier' && callee.object.name === 'Object') {
    return first !== undefined && /^(assign|define|set)/.test(name) ? rootOf(first) : [];
  }
  return CHANGES.has(name) ? rootOf(callee.object) : [];
}

/** Functions of the shell and of JavaScript that leave alone what they are given. */
const TAKES = new Set([
  'print',
  'printjson',
  'tojson',
  'use',
  'String',
  'Number',
  'Boolean',
  'Mongo',
  'connect',
  'assert',
]);

/** `a` of `a`, `a.b` and `a[0].c`; the database of the shell is none of the script's variables. */
function rootOf(part: AnyNode): readonly string[] {
  if (part.type === 'MemberExpression') return rootOf(part.object);
  return part.type === 'Identifier' && part.name !== 'db' ? [part.name] : [];
}

/** Two names of one value: by assignment, or because the one holds the other. */
function sharedBy(part: AnyNode): readonly (readonly [string, string])[] {
  if (part.type === 'VariableDeclarator' && part.id.type === 'Identifier' && part.init) {
    return valuesIn(part.init).map((name) => [nameOf(part.id), name] as const);
  }
  if (part.type !== 'AssignmentExpression' || part.left.type !== 'Identifier') return [];
  return valuesIn(part.right).map((name) => [nameOf(part.left), name] as const);
}

function nameOf(part: AnyNode): string {
  return part.type === 'Identifier' ? part.name : '';
}

/** The variables that a value is, or holds as they are. */
function valuesIn(part: AnyNode): readonly string[] {
  switch (part.type) {
    case 'Identifier':
    case 'MemberExpression':
      return rootOf(part);
    case 'ArrayExpression':
      return part.elements.flatMap((each) => (each === null || each.type === 'SpreadElement' ? [] : valuesIn(each)));
    case 'ObjectExpression':
      return part.properties.flatMap((each) => (each.type === 'Property' ? valuesIn(each.value) : []));
    default:
      return [];
  }
}

/** The names that a pattern binds: `a`, `{ a, b: [c] }`. */
export function namesIn(pattern: AnyNode): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) => namesIn(each.type === 'Property' ? each.value : each.argument));
    case 'ArrayPattern':
      return pattern.elements.flatMap((each) => (each === null ? [] : namesIn(each)));
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'VariableDeclaration':
      return pattern.declarations.flatMap(({ id }) => namesIn(id));
    default:
      return [];
  }
}

/** The names that a part of a script declares anywhere in itself, parameters among them. */
export function declaredIn(part: AnyNode): readonly string[] {
  const found: string[] = [];
  walk(part, (inner) => {
    if (inner.type === 'VariableDeclaration') found.push(...namesIn(inner));
    else if (inner.type === 'CatchClause' && inner.param) found.push(...namesIn(inner.param));
    else if (/Function/.test(inner.type) && 'params' in inner) found.push(...inner.params.flatMap(namesIn));
  });
  return found;
}

/** Whether a part of a script goes to another database: `db = …`, `use(…)`. */
export function changesDatabase(part: AnyNode): boolean {
  let changes = false;
  walk(part, (inner) => {
    if (inner.type === 'AssignmentExpression') changes ||= nameOf(inner.left) === 'db';
    if (inner.type === 'CallExpression') changes ||= nameOf(inner.callee) === 'use';
  });
  return changes;
}
