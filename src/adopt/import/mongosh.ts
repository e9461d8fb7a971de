/**
 * Scripts for mongosh, and the init scripts of MongoDB's container image: what they say about users and roles in literals.
 * Nothing of them is run.
 */
import type {
  AnyNode,
  BlockStatement,
  CallExpression,
  Expression,
  ForOfStatement,
  IfStatement,
  Program,
  Statement,
} from 'acorn';
import { parse } from 'acorn';
import {
  argumentsOf,
  commandOf,
  databaseOf,
  immediateBody,
  isManagement,
  managementIn,
  uncalledIn,
} from './mongosh-calls.ts';
import { changesDatabase, declaredIn, namesIn, unsettledNames } from './mongosh-names.ts';
import { lineIn, type Scope } from './mongosh-scope.ts';
import { answersIn, existenceTest, keyOf, literalOf, shellText, sourceOf, walk } from './mongosh-values.ts';
import { type WayOut, waysOut } from './mongosh-ways-out.ts';
import {
  type Command,
  fieldOf,
  type ImportNote,
  type Node,
  type Reader,
  type ReadFile,
  together,
  unresolved,
  type Variables,
} from './node.ts';
import { scriptsIn } from './shell-scripts.ts';

const UNREAD = 'something about users or roles is left out, as it is in no script that could be found here';

/** Where `db` begins in the shell, and in an init script without `MONGO_INITDB_DATABASE`. */
const FIRST_DATABASE = 'test';

export const readMongosh: Reader = (files, { variables, db = FIRST_DATABASE }) =>
  together(files.map(({ file, text }) => readScripts(file, text, variables, db)));

function readScripts(file: string, text: string, variables: Variables, db: string): ReadFile {
  const commands: Command[] = [];
  const notes: ImportNote[] = [];
  const { scripts, unread } = scriptsIn(file, text);
  for (const line of unread) notes.push({ file, line, message: UNREAD, lost: true });
  for (const script of scripts) {
    const { firstLine } = script;
    const prepared = withoutShellWords(script.text);
    const program = parsed(prepared);
    if ('message' in program) {
      const line = firstLine + program.line - 1;
      notes.push({
        file,
        line,
        message: `this script is left out, as it is no JavaScript: ${program.message}`,
        lost: true,
      });
      continue;
    }
    const scope: Scope = {
      file,
      text: prepared,
      firstLine,
      names: new Map(),
      unsettled: unsettledNames(program),
      answers: answersIn(program),
      variables,
      databases: new Map(),
      db: shellText(script.db ?? db, firstLine, variables),
      commands,
      notes,
    };
    noteHidden(program, scope);
    noteUncalled(program, scope);
    readInOrder(
      program.body.filter((statement) => !isModule(statement)),
      scope,
      script.uncertain,
    );
  }
  return { commands, notes };
}

/** What runs other code than what stands in the script: of it nothing is seen. */
const RUNS_MORE = new Set(['eval', 'load', 'Function']);

function noteHidden(program: Program, scope: Scope): void {
  walk(program, (part) => {
    if (part.type !== 'CallExpression' && part.type !== 'NewExpression') return;
    const { callee } = part;
    if (callee.type !== 'Identifier' || !RUNS_MORE.has(callee.name)) return;
    const line = lineIn(scope, part);
    const message = `what ${callee.name}(…) brings in is not read, because nothing of a script is run`;
    scope.notes.push({ file: scope.file, line, message, lost: true });
  });
}

/** What is named and not called as one can read it: nobody knows what becomes of it. */
function noteUncalled(program: Program, scope: Scope): void {
  for (const { part, what } of uncalledIn(program)) {
    const message = `${what} is left out, as it is no plain call on a database`;
    scope.notes.push({ file: scope.file, line: lineIn(scope, part), message, lost: true });
  }
}

function isModule(statement: Program['body'][number]): statement is Exclude<Program['body'][number], Statement> {
  return /^(Import|Export)/.test(statement.type);
}

function parsed(text: string): Program | { readonly message: string; readonly line: number } {
  try {
    return parse(text, {
      ecmaVersion: 'latest',
      sourceType: 'script',
      allowAwaitOutsideFunction: true,
      allowReturnOutsideFunction: true,
      allowHashBang: true,
    });
  } catch (error) {
    const at = error instanceof SyntaxError && 'pos' in error ? Number(error.pos) : 0;
    const message = error instanceof Error ? error.message.replace(/ \(\d+:\d+\)$/, '') : 'not readable';
    return { message, line: text.slice(0, at).split('\n').length };
  }
}

/** `use admin` and `show dbs` are words of the shell and no JavaScript; what is left has the same lines. */
function withoutShellWords(text: string): string {
  return text
    .replaceAll(
      /^([ \t]*)use[ \t]+["']?([^\s;"']+)["']?[ \t]*;?[ \t]*(\/\/.*)?$/gm,
      (_, indent: string, db: string) => `${indent}use(${JSON.stringify(db)});`,
    )
    .replaceAll(/^[ \t]*(exit|quit)[ \t]*;?[ \t]*$/gm, 'quit();')
    .replaceAll(/^[ \t]*(show[ \t]+\w+|it)[ \t]*;?[ \t]*$/gm, ';');
}

/** Behind what may leave a script, a loop or a function early, nobody can tell what is still carried out. */
function readInOrder(statements: readonly Statement[], scope: Scope, uncertain?: string): void {
  let why = uncertain;
  for (const statement of statements) {
    readStatement(statement, scope, why);
    if (waysOut(statement, scope.answers).size > 0) why ??= leftEarly(statement, scope);
  }
}

function leftEarly(part: AnyNode, scope: Scope): string {
  return `what stands in line ${lineIn(scope, part)} may end this before`;
}

/** `uncertain`: why nobody can tell whether it is carried out. */
function readStatement(statement: Statement, scope: Scope, uncertain?: string): void {
  switch (statement.type) {
    case 'ExpressionStatement':
      readExpression(statement.expression, scope, uncertain);
      return;
    case 'VariableDeclaration':
      for (const { id, init } of statement.declarations) {
        if (init) readExpression(init, scope, uncertain);
        if (init && id.type === 'Identifier') bind(id.name, init, scope);
        else if (init || statement.kind !== 'var') forget(namesIn(id), scope);
      }
      return;
    case 'BlockStatement':
      readBlock(statement, scope, uncertain);
      return;
    case 'TryStatement':
      readBlock(statement.block, scope, uncertain);
      if (statement.handler) setAside(statement.handler, scope, 'it stands in a catch');
      if (statement.finalizer) readBlock(statement.finalizer, scope, uncertain);
      return;
    case 'IfStatement':
      readIf(statement, scope, uncertain);
      return;
    case 'ForOfStatement':
      readForOf(statement, scope, uncertain);
      return;
    case 'FunctionDeclaration':
      setAside(statement, scope, 'it is made by a function');
      return;
    default:
      setAside(statement, scope, 'it stands in a loop or a branch');
  }
}

/**
 * Whichever way a question for what is there goes, what is made if it is not there is there afterwards. Where nothing is
 * made, what is changed or dropped is what was there.
 */
function readIf({ test, consequent, alternate }: IfStatement, scope: Scope, uncertain?: string): void {
  const branches = [consequent, ...(alternate ? [alternate] : [])];
  if (existenceTest(test, scope.answers)) {
    const making = branches.find((branch) => managementIn(branch).some(({ name }) => name.startsWith('create')));
    for (const branch of making === undefined ? branches : [making]) readBranch(branch, scope, uncertain);
    return;
  }
  const why = `whether it is made hangs on a condition (${sourceOf(test, scope)})`;
  for (const branch of branches) readBranch(branch, scope, why);
}

/** What follows it may go on in another database, or in the one from before. */
function readBranch(branch: Statement, scope: Scope, uncertain?: string): void {
  readStatement(branch, scope, uncertain);
  if (changesDatabase(branch)) scope.db = unresolved('db', lineIn(scope, branch));
}

function readForOf({ left, right, body }: ForOfStatement, scope: Scope, uncertain?: string): void {
  const { data } = literalOf(right, scope);
  const id = left.type === 'VariableDeclaration' ? left.declarations[0]?.id : left;
  if (Array.isArray(data) && id !== undefined) each(data, id, body, ENDS_LOOP, scope, uncertain);
  else setAside(body, scope, 'it stands in a loop over what is not known here');
}

/** What a block declares by `let` and `const` is its own. */
function readBlock({ body }: BlockStatement, scope: Scope, uncertain?: string): void {
  const own = body.flatMap((each) => (each.type === 'VariableDeclaration' && each.kind !== 'var' ? namesIn(each) : []));
  keeping(own, scope, () => {
    readInOrder(body, scope, uncertain);
  });
}

/** What those names stand for outside is the same afterwards. */
function keeping(names: readonly string[], { names: values, databases }: Scope, work: () => void): void {
  const kept = [values, databases].map((map) => [map, names.map((name) => [name, map.get(name)] as const)] as const);
  work();
  for (const [map, before] of kept) {
    for (const [name, value] of before) {
      if (value === undefined) map.delete(name);
      else map.set(name, value);
    }
  }
}

function forget(names: readonly string[], scope: Scope): void {
  for (const name of names) {
    scope.names.delete(name);
    scope.databases.delete(name);
  }
}

const ENDS_LOOP: readonly WayOut[] = ['break', 'return', 'quit'];

/** Runs through a literal list, with its parameter bound to one item after the other. `ending`: the ways to stop halfway. */
function each(
  values: readonly Node[],
  id: AnyNode,
  body: Statement | Expression,
  ending: readonly WayOut[],
  scope: Scope,
  uncertain?: string,
): void {
  const ways = waysOut(body, scope.answers);
  const later = ending.some((way) => ways.has(way)) ? leftEarly(body, scope) : undefined;
  keeping(namesIn(id), scope, () => {
    for (const [index, value] of values.entries()) {
      const why = uncertain ?? (index > 0 ? later : undefined);
      bindItem(id, value, scope);
      if (isStatement(body)) readStatement(body, scope, why);
      else readExpression(body, scope, why);
    }
  });
}

function isStatement(body: Statement | Expression): body is Statement {
  return body.type.endsWith('Statement') || body.type.endsWith('Declaration');
}

/** `name`, or `{ name, db }` */
function bindItem(id: AnyNode, value: Node, scope: Scope): void {
  forget(namesIn(id), scope);
  if (id.type === 'Identifier') know(id.name, value, scope);
  if (id.type !== 'ObjectPattern') return;
  for (const property of id.properties) {
    if (property.type !== 'Property' || property.value.type !== 'Identifier') continue;
    const field = fieldOf(value, keyOf(property) ?? '');
    if (field !== undefined) know(property.value.name, field, scope);
  }
}

function bind(name: string, init: Expression, scope: Scope): void {
  const db = databaseOf(init, scope);
  if (name === 'db') {
    scope.db = db ?? unresolved(sourceOf(init, scope), lineIn(scope, init));
    return;
  }
  const value = db ?? literalOf(init, scope);
  forget([name], scope);
  if (db === undefined) know(name, value, scope);
  else if (!scope.unsettled.has(name)) scope.databases.set(name, value);
}

function know(name: string, value: Node, scope: Scope): void {
  if (!scope.unsettled.has(name)) scope.names.set(name, value);
}

function readExpression(expression: Expression, scope: Scope, uncertain?: string): void {
  switch (expression.type) {
    case 'AssignmentExpression':
      readExpression(expression.right, scope, uncertain);
      if (expression.operator === '=' && expression.left.type === 'Identifier')
        bind(expression.left.name, expression.right, scope);
      return;
    case 'AwaitExpression':
      readExpression(expression.argument, scope, uncertain);
      return;
    case 'SequenceExpression':
      for (const part of expression.expressions) readExpression(part, scope, uncertain);
      return;
    case 'CallExpression':
      readCall(expression, scope, uncertain);
      return;
    case 'LogicalExpression':
      if (existenceTest(expression.left, scope.answers)) readExpression(expression.right, scope, uncertain);
      else setAside(expression, scope, `whether it is made hangs on a condition (${sourceOf(expression.left, scope)})`);
      return;
    default:
      setAside(expression, scope, 'it is no statement of its own');
  }
}

function readCall(call: CallExpression, scope: Scope, uncertain?: string): void {
  const { callee } = call;
  if (callee.type === 'Identifier' && callee.name === 'use') {
    const [name] = argumentsOf(call);
    if (name !== undefined) scope.db = literalOf(name, scope);
    return;
  }
  const own = immediateBody(call);
  if (own !== undefined) {
    readBlock(own, scope, uncertain);
    return;
  }
  if (isManagement(call)) {
    scope.commands.push(commandOf(call, scope, uncertain));
    return;
  }
  const list =
    callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && callee.property.name === 'forEach';
  const [work] = argumentsOf(call);
  if (
    list &&
    callee.object.type !== 'Super' &&
    (work?.type === 'ArrowFunctionExpression' || work?.type === 'FunctionExpression')
  ) {
    const values = literalOf(callee.object, scope).data;
    const [parameter] = work.params;
    if (Array.isArray(values) && parameter !== undefined) {
      each(values, parameter, work.body, ['quit'], scope, uncertain);
      return;
    }
  }
  setAside(call, scope, 'it stands in a call');
}

/** What is done to users and roles where nobody can tell whether, how often, and with what. */
function setAside(part: AnyNode, scope: Scope, why: string): void {
  const elsewhere = changesDatabase(part);
  if (elsewhere) scope.db = unresolved('db', lineIn(scope, part));
  const own = declaredIn(part);
  keeping(own, scope, () => {
    forget(own, scope);
    for (const { call } of managementIn(part)) scope.commands.push(commandOf(call, scope, why));
  });
}
