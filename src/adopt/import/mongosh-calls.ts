/** Calls of mongosh about users and roles, as the commands that the shell makes of them. */
import type { AnyNode, BlockStatement, CallExpression, Expression } from 'acorn';
import { lineIn, type Scope } from './mongosh-scope.ts';
import { keyOf, literalOf, sourceOf, walk } from './mongosh-values.ts';
import { type Command, type Node, node, textOf, unresolved } from './node.ts';
import { COMMANDS } from './settle.ts';

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
  if (Object.hasOwn(COMMANDS, method) || method === 'addUser') return method;
  return sentCommand(call);
}

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
  const db = written === undefined ? undefined : /^(?:mongodb(?:\+srv)?:\/\/)?[^/]*\/([^/?]+)/.exec(written)?.[1];
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
const MAKING = new Set(['createUser', 'createRole', 'addUser']);

function documentCommand(name: string, sent: boolean, document: Node | undefined, line: number) {
  const made = name === 'addUser' ? 'createUser' : name;
  if (!(document?.data instanceof Map)) {
    return {
      name: made,
      target: document ?? unresolved('', line),
      fields: new Map<string, Node>(),
      uncertain: NOT_WRITTEN,
    };
  }
  const fields = new Map(document.data);
  const key = sent ? name : name === 'createRole' ? 'role' : 'user';
  const target = fields.get(key) ?? unresolved('', line);
  fields.delete(key);
  return { name: made, target, fields };
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
