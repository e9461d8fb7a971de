/** Files of expectations: parsed with places, held against the schema, compiled. */
import type { Accounts, ExpectationEntry, ExpectationsFile, GivenEntry } from '../generated/expectations.ts';
import * as expectationsForm from '../generated/validate-expectations.js';
import { databaseNameProblem, formatRole, namespaceProblem, parseNamespace, splitAt } from '../model/names.ts';
import type { ParsedFile } from '../policy/compile.ts';
import { compileRole, roleRef } from '../policy/compile-access.ts';
import { selector } from '../policy/compile-collections.ts';
import { conform } from '../policy/conform.ts';
import { type FileContext, fileContext } from '../policy/file-context.ts';
import type { UserSelector } from '../policy/intent.ts';
import { textProblem } from '../policy/limits.ts';
import { WRITE_OUTCOMES } from '../policy/presets.ts';
import type { DocumentPath, Problem } from '../policy/problem.ts';
import { parseSource, type SourceFile } from '../policy/source.ts';
import { expandVariables, type VariableLayers } from '../policy/variables.ts';
import type { Expectation, ExpectationFile, Given, GivenDatabase } from './expectation.ts';

const BEGINS = 'a file of expectations begins with "apiVersion: mongoward/v1" and "test: NAME OF THE POLICY"';

/** Reads YAML or JSON; what is wrong with the syntax comes back as problems. Throws nothing. */
export function parseExpectationFile({ file, text }: { readonly file: string; readonly text: string }): ParsedFile {
  const large = textProblem(file, text);
  return { file, text, ...(large === undefined ? parseSource(file, text, BEGINS) : { problems: [large] }) };
}

/** The name of the policy that a file is about, if the file has come that far. */
export function policyTested({ source }: ParsedFile): string | undefined {
  const data = source?.data;
  const test = typeof data === 'object' && data !== null && 'test' in data ? data.test : undefined;
  return typeof test === 'string' ? test : undefined;
}

/** What a file says, or everything in which it does not fit. Variables are those of the policy, by layers. */
export function compileExpectations(
  parsed: ParsedFile,
  variables: VariableLayers,
): { readonly read?: ExpectationFile; readonly problems: readonly Problem[] } {
  if (parsed.source === undefined) return { problems: parsed.problems };
  const expanded = expandVariables(parsed.source, variables);
  if (expanded.problems.length > 0) return { problems: expanded.problems };
  const misfits = conform(expanded.source, expectationsForm);
  if (misfits.length > 0) return { problems: misfits };
  const problems: Problem[] = [];
  const read = compile(expanded.source, problems);
  return problems.length > 0 ? { problems } : { read, problems };
}

/** One or more entries as a file of them, for whoever has them as data; `file` is how messages name it. */
export function expectationsOf(
  file: string,
  policy: string,
  { given, expect }: Pick<ExpectationsFile, 'given'> & { readonly expect: readonly ExpectationEntry[] },
): ReturnType<typeof compileExpectations> {
  const text = JSON.stringify({ apiVersion: 'mongoward/v1', test: policy, ...(given && { given }), expect });
  return compileExpectations(parseExpectationFile({ file, text }), []);
}

function compile(source: SourceFile, problems: Problem[]): ExpectationFile {
  const data = source.data as ExpectationsFile;
  const context = fileContext(source, problems);
  return {
    file: source.file,
    policy: data.test,
    policyOrigin: context.origin(['test']),
    given: compileGiven(within(context, ['given']), data.given ?? {}),
    expectations: data.expect.flatMap((entry, index) => compileEntry(within(context, ['expect', index]), entry) ?? []),
  };
}

/** The same with paths that begin below the one given. */
function within(context: FileContext, below: DocumentPath): FileContext {
  return {
    source: context.source,
    origin: (path) => context.origin([...below, ...path]),
    problem: (rule, path, message) => context.problem(rule, [...below, ...path], message),
  };
}

const FORM = 'expectation/form';

function compileGiven(context: FileContext, { version, databases = [], roles = {}, users = {} }: GivenEntry): Given {
  return {
    ...(version === undefined ? {} : { version }),
    databases: databases.flatMap((name, index) => givenDatabase(context, name, ['databases', index]) ?? []),
    roles: Object.entries(roles).flatMap(([key, entry]) => {
      const { role, origin } = compileRole(context, key, entry) ?? {};
      return role === undefined || origin === undefined ? [] : [{ role, origin }];
    }),
    users: Object.entries(users).flatMap(([key, held]) => {
      const path = ['users', key];
      const name = splitAt(key);
      const wrong = name === undefined ? 'write it as name@db' : databaseNameProblem(name.db);
      if (name === undefined || wrong !== undefined) {
        context.problem(FORM, path, `${JSON.stringify(key)} is not the name of a user: ${wrong}`);
        return [];
      }
      const user = { user: name.name, db: name.db, roles: held.map(roleRef) };
      return [{ user, origin: context.origin(path) }];
    }),
  };
}

function givenDatabase(context: FileContext, name: string, path: DocumentPath): GivenDatabase | undefined {
  const ns = parseNamespace(name);
  const wrong = ns === undefined ? databaseNameProblem(name) : namespaceProblem(ns);
  if (wrong === undefined) return { ...(ns ?? { db: name }), origin: context.origin(path) };
  context.problem(FORM, path, `${JSON.stringify(name)} is neither a database nor db.collection: ${wrong}`);
  return undefined;
}

/** The keys of each form; `as`, `except` and `because` go with all of them. */
const FORMS = {
  may: ['may', 'on'],
  mayNot: ['mayNot', 'on'],
  run: ['run', 'db', 'refused'],
  document: ['document', 'into', 'refused'],
} as const;

const ANYWHERE: readonly string[] = ['as', 'except', 'because'];

function compileEntry(context: FileContext, entry: ExpectationEntry): Expectation | undefined {
  const form = formOf(context, entry);
  if (form === undefined) return undefined;
  const as = selectors(entry.as);
  const except = entry.except === undefined ? [] : selectors(entry.except);
  const who = named(as);
  const but = except.length === 0 ? '' : `, except ${named(except)}`;
  const common = {
    as,
    except,
    ...(entry.because === undefined ? {} : { because: entry.because }),
    origin: context.origin([]),
  };
  const { refused = false, on = [], db = '', run = {}, document = {}, into = '' } = entry;
  const end = refused ? 'refused' : 'not refused';
  switch (form) {
    case 'may':
    case 'mayNot': {
      const written = listOf(entry[form] ?? []);
      const places = listOf(on);
      const whoMay = form === 'may' ? `${who} may` : who === EVERYBODY ? 'no account may' : `${who} may not`;
      const sentence = `${whoMay} ${written.join(', ')} on ${places.join(', ')}${but}`;
      const words = [
        ...new Set(written.flatMap((word): readonly string[] => (word === 'write' ? WRITE_OUTCOMES : [word]))),
      ];
      return { ...common, kind: 'access', wanted: form === 'may', words, on: places, sentence };
    }
    case 'run': {
      const [name = ''] = Object.keys(run);
      return {
        ...common,
        kind: 'run',
        command: run,
        db,
        refused,
        sentence: `${who} runs ${name} on ${db}${but}: ${end}`,
      };
    }
    case 'document': {
      const ns = parseNamespace(into);
      const wrong = ns === undefined ? 'write it as db.collection' : namespaceProblem(ns);
      if (ns === undefined || wrong !== undefined) {
        context.problem(FORM, ['into'], `${JSON.stringify(into)} is not the full name of a collection: ${wrong}`);
        return undefined;
      }
      return {
        ...common,
        kind: 'document',
        document,
        into: ns,
        refused,
        sentence: `${who} inserts a document into ${into}${but}: ${end}`,
      };
    }
  }
}

/** Which of the forms an entry has; a problem says what does not go together, or what is lacking. */
function formOf(context: FileContext, entry: ExpectationEntry): keyof typeof FORMS | undefined {
  const forms = (Object.keys(FORMS) as (keyof typeof FORMS)[]).filter((form) => entry[form] !== undefined);
  const [form, second] = forms;
  if (form === undefined) {
    context.problem(FORM, [], 'say what is expected: may, mayNot, run or document');
    return undefined;
  }
  if (second !== undefined) {
    context.problem(FORM, [second], `"${form}" and "${second}" are two expectations: write an entry for each`);
    return undefined;
  }
  const keys: readonly string[] = FORMS[form];
  const astray = Object.keys(entry).find((key) => !keys.includes(key) && !ANYWHERE.includes(key));
  const lacking = keys.find((key) => !Object.hasOwn(entry, key));
  if (astray !== undefined) {
    context.problem(
      FORM,
      [astray],
      `"${astray}" does not go with "${form}", which takes ${keys.slice(1).join(' and ')}`,
    );
  }
  if (lacking !== undefined) context.problem(FORM, [], `"${form}" lacks the key "${lacking}"`);
  return astray === undefined && lacking === undefined ? form : undefined;
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function selectors(written: Accounts): readonly UserSelector[] {
  return (Array.isArray(written) ? written : [written]).map(selector);
}

function named(list: readonly UserSelector[]): string {
  return list.map(selectorText).join(', ');
}

const EVERYBODY = 'every account';

/** As people write it: `app@admin`, `*`, `whoever holds read@app`. */
export function selectorText(one: UserSelector): string {
  if (one.kind === 'holding') return `whoever holds ${formatRole(one.role)}`;
  return one.pattern === '*' ? EVERYBODY : one.pattern;
}
