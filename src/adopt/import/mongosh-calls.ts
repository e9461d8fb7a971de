/** Calls of mongosh about users and roles, as the commands that the shell makes of them. */
import type { AnyNode, BlockStatement, CallExpression, Expression, MemberExpression } from 'acorn';
import { lineIn, type Scope } from './mongosh-scope.ts';
import { keyOf, literalOf, sourceOf, walk } from './mongosh-values.ts';
import { type Command, type Node, node, textOf, unresolved } from './node.ts';
import { COMMANDS } from './settle.ts';
import { databaseOfUri } from './shell-scripts.ts';

export function argumentsOf({ arguments: given }: CallExpression): readonly Expression[] {
  return given.flatMap((each) => (each.type === 'SpreadElement' ? [] : [each]));
}

/** The method's name, if it is one of a thing. */
function methodOf({ callee }: CallExpression): string | undefined {
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : undefined;
}

const SENDS = new Set(['runCommand', 'adminCommand']);

/** A command that is written out: its first key says which. */
function sentCommand(call: CallExpression): string | undefined {
  const [document] = argumentsOf(call);
  if (!SENDS.has(methodOf(call) ?? '') || document?.type !== 'ObjectExpression') return undefined;
  const [first] = document.properties;
  if (first?.type !== 'Property') return undefined;
  const name = keyOf(first) ?? '';
  return Object.hasOwn(COMMANDS, name) ? name : undefined;
}

function managementName(call: CallExpression): string | undefined {
  const method = methodOf(call);
  if (method === undefined) return undefined;
  const name = SHORTER.get(method) ?? method;
  return Object.hasOwn(COMMANDS, name) ? name : sentCommand(call);
}

/** Methods of the shell, some of them of older ones, that are called otherwise than their commands. */
const SHORTER: ReadonlyMap<string, string> = new Map([
  ['addUser', 'createUser'],
  ['removeUser', 'dropUser'],
  ['dropAllUsers', 'dropAllUsersFromDatabase'],
  ['dropAllRoles', 'dropAllRolesFromDatabase'],
]);

export function isManagement(call: CallExpression): boolean {
  return managementName(call) !== undefined;
}

export function managementIn(part: AnyNode): readonly { readonly name: string; readonly call: CallExpression }[] {
  const found: { readonly name: string; readonly call: CallExpression }[] = [];
  walk(part, (inner) => {
    if (inner.type !== 'CallExpression') return;
    const name = managementName(inner);
    if (name !== undefined) found.push({ name, call: inner });
  });
  return found;
}

export interface Mention {
  readonly part: AnyNode;
  /** A clause: `what createUser does here`. */
  readonly what: string;
}

/**
 * Where something about users or roles is named that is no such call: a command that stands in a list or goes by another
 * name, a method that is handed on, users and roles written as documents.
 */
export function uncalledIn(program: AnyNode): readonly Mention[] {
  const called = new Set<AnyNode>();
  for (const { call } of managementIn(program)) {
    called.add(call.callee);
    const [document] = argumentsOf(call);
    if (sentCommand(call) !== undefined && document?.type === 'ObjectExpression') called.add(document);
  }
  const found: Mention[] = [];
  walk(program, (part) => {
    if (called.has(part)) return;
    const command = methodNamed(part) ?? commandNamed(part);
    const collection = writtenTo(part);
    if (command !== undefined) found.push({ part, what: `what ${command} does here` });
    if (collection !== undefined) found.push({ part, what: `what is written to ${collection} here` });
  });
  return found;
}

function methodNamed(part: AnyNode): string | undefined {
  if (part.type !== 'MemberExpression') return undefined;
  const name = memberName(part);
  return name !== undefined && Object.hasOwn(COMMANDS, name) ? name : undefined;
}

function commandNamed(part: AnyNode): string | undefined {
  if (part.type !== 'ObjectExpression') return undefined;
  const [first] = part.properties;
  const name = first?.type === 'Property' ? keyOf(first) : undefined;
  return name !== undefined && Object.hasOwn(COMMANDS, name) ? name : undefined;
}

const WRITES = /^(insert|update|replace|delete|remove|save|bulkWrite|findAndModify|findOneAnd)/;
const STORED = ['system.users', 'system.roles'];

/** The collection in which the server keeps users or roles, if a call writes to it. */
function writtenTo(part: AnyNode): string | undefined {
  if (part.type !== 'CallExpression' || part.callee.type !== 'MemberExpression') return undefined;
  if (!WRITES.test(memberName(part.callee) ?? '')) return undefined;
  const { object } = part.callee;
  if (object.type === 'MemberExpression') {
    const outer = object.object.type === 'MemberExpression' ? memberName(object.object) : undefined;
    const name = memberName(object) ?? '';
    return STORED.find((stored) => stored === name || stored === `${outer}.${name}`);
  }
  if (object.type !== 'CallExpression') return undefined;
  return STORED.find((stored) => argumentsOf(object).some((each) => each.type === 'Literal' && each.value === stored));
}

function memberName({ property, computed }: MemberExpression): string | undefined {
  if (property.type === 'Identifier' && !computed) return property.name;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

/** The database that an expression stands for; nothing if it is none. */
export function databaseOf(expression: AnyNode, scope: Scope): Node | undefined {
  if (expression.type === 'Identifier')
    return expression.name === 'db' ? scope.db : scope.databases.get(expression.name);
  if (expression.type !== 'CallExpression') return undefined;
  const method = methodOf(expression);
  if (method === 'getSiblingDB' || method === 'getDB' || method === 'getSisterDB') {
    const [name] = argumentsOf(expression);
    return name === undefined ? undefined : literalOf(name, scope);
  }
  const { callee } = expression;
  if (callee.type !== 'Identifier' || callee.name !== 'connect') return undefined;
  const [uri] = argumentsOf(expression);
  const written = uri === undefined ? undefined : textOf(literalOf(uri, scope));
  const db = written === undefined ? undefined : databaseOfUri(written);
  // The connection string may hold a password: nothing of it is told.
  return db === undefined
    ? unresolved('the database of connect(…)', lineIn(scope, expression))
    : node(db, lineIn(scope, expression));
}

export function commandOf(call: CallExpression, scope: Scope, uncertain?: string): Command {
  const line = lineIn(scope, call);
  const name = managementName(call) ?? '';
  const common = { file: scope.file, line, db: homeOf(call, scope), ...(uncertain !== undefined && { uncertain }) };
  const given = argumentsOf(call).map((argument) => literalOf(argument, scope));
  const sent = sentCommand(call) !== undefined;
  if (sent || MAKING.has(name)) return { ...common, ...documentCommand(name, sent, given[0], line) };
  const [target = unresolved('', line), second] = given;
  const fields = second === undefined ? new Map<string, Node>() : fieldsOf(name, second);
  return { ...common, name, target, fields };
}

/** Take one document that says everything. */
const MAKING = new Set(['createUser', 'createRole']);

function documentCommand(name: string, sent: boolean, document: Node | undefined, line: number) {
  if (!(document?.data instanceof Map)) {
    return {
      name,
      target: document ?? unresolved('', line),
      fields: new Map<string, Node>(),
      uncertain: NOT_WRITTEN,
    };
  }
  const fields = new Map(document.data);
  const key = sent ? name : name === 'createRole' ? 'role' : 'user';
  const target = fields.get(key) ?? unresolved('', line);
  fields.delete(key);
  return { name, target, fields };
}

const NOT_WRITTEN = 'it is not written out here';

/** The database that a command goes to. */
function homeOf(call: CallExpression, scope: Scope): Node {
  const line = lineIn(scope, call);
  if (methodOf(call) === 'adminCommand') return node('admin', line);
  const { callee } = call;
  if (callee.type !== 'MemberExpression') return unresolved('', line);
  return databaseOf(callee.object, scope) ?? unresolved(sourceOf(callee.object, scope), line);
}

/** The second argument: a document for updates, a list for grants and revocations. */
function fieldsOf(name: string, second: Node): ReadonlyMap<string, Node> {
  if (name.startsWith('update')) return second.data instanceof Map ? second.data : new Map([['roles', second]]);
  return new Map([[name.includes('Privileges') ? 'privileges' : 'roles', second]]);
}

/** `(function () { … })()` */
export function immediateBody({ callee, arguments: given }: CallExpression): BlockStatement | undefined {
  if (given.length > 0 || (callee.type !== 'FunctionExpression' && callee.type !== 'ArrowFunctionExpression'))
    return undefined;
  return callee.body.type === 'BlockStatement' ? callee.body : undefined;
}
