/** The CRUD Service's definitions and environment, read from disk, and a policy made of them. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { escaped } from '../adopt/write.ts';
import { type Definition, type ReadDefinitions, readDefinitions } from '../crud-service/definition.ts';
import {
  connectionOf,
  type Environment,
  GCP_VARIABLES,
  isPlaceholder,
  keyVaultProblem,
  kmsOf,
  PROVIDERS,
  type Provider,
  parseEnvironment,
  providerOf,
  settingOf,
  type Variable,
} from '../crud-service/environment.ts';
import { folderTraps, sealedIn, sealing } from '../crud-service/folder.ts';
import { policyText } from '../crud-service/write-policy.ts';
import { Failure } from '../failure.ts';
import { readText } from '../files/read-file.ts';
import { databaseNameProblem } from '../model/names.ts';
import { compilePolicy, parsePolicyFile, sortProblems } from '../policy/compile.ts';
import { type Problem, parsePointer } from '../policy/problem.ts';
import { findingText } from '../report/findings-text.ts';
import { count, wrap } from '../report/layout.ts';
import { displayPath } from './files.ts';
import type { Terminal } from './terminal.ts';

export interface DeploymentArguments {
  readonly environment?: string | undefined;
  readonly env?: readonly string[] | undefined;
  readonly db?: string | undefined;
}

/**
 * `--environment`, `--env`, `--db`. Node.js looks for `--env-file` behind a program's name too: it gives up if there is no
 * such file, and Node.js 20 carries out the file's NODE_OPTIONS. That name stays for who knows it.
 */
export function withDeployment<T>(yargs: Argv<T>) {
  return yargs
    .option('environment', {
      type: 'string',
      alias: 'env-file',
      requiresArg: true,
      describe: "The CRUD Service's environment: NAME=value lines",
    })
    .option('env', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'A variable of that environment: NAME=value',
    })
    .option('db', {
      type: 'string',
      requiresArg: true,
      describe: 'The database of its collections, instead of MONGODB_URL',
    });
}

export interface Folder {
  readonly read: readonly ReadDefinitions[];
  readonly definitions: readonly Definition[];
  /** Definitions that are programs, as a person would name them: never executed. */
  readonly programs: readonly string[];
}

/** More than fits a ConfigMap of Kubernetes, by which the service gets its definitions. */
const MAX_DEFINITION_BYTES = 4 * 1024 * 1024;

export const NOT_EXECUTED = 'programs are not executed. Write what it exports as JSON';

/** The definitions that lie in a folder, as the service looks for them: not in the folders below. Or those of one file. */
export function loadDefinitions(terminal: Terminal, given: string): Folder {
  const one = given.endsWith('.json') && isFile(resolve(terminal.cwd, given));
  const folder = one ? dirname(given) : given;
  const absolute = resolve(terminal.cwd, folder);
  const names = one ? [basename(given)] : namesIn(absolute, folder);
  const shown = (name: string): string => displayPath(terminal, join(absolute, name));
  const programs = names.filter((name) => name.endsWith('.js')).map(shown);
  const files = names.filter((name) => name.endsWith('.json'));
  if (files.length === 0) {
    const advice =
      programs.length === 0
        ? 'name the folder that COLLECTION_DEFINITION_FOLDER leads to'
        : `${count(programs.length, 'definition')} in .js ${programs.length === 1 ? 'is a program, and is' : 'are programs, and are'} not executed. Write what each exports as JSON: node -p 'JSON.stringify(require("${resolve(terminal.cwd, programs[0] ?? '')}"), null, 2)'`;
    throw new Failure(`there are no collection definitions (.json) in ${folder}`, { advice });
  }
  const advice = 'a collection definition is far smaller. Is it one?';
  const read = files.map((name) =>
    readDefinitions(
      shown(name),
      readText(join(absolute, name), shown(name), { maxBytes: MAX_DEFINITION_BYTES, advice }),
    ),
  );
  return { read, definitions: read.flatMap(({ definitions }) => definitions), programs };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function namesIn(absolute: string, folder: string): readonly string[] {
  try {
    if (!statSync(absolute).isDirectory()) throw new Failure(`${folder} is not a folder`);
    return readdirSync(absolute).sort();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why = code === 'ENOENT' ? 'there is no such folder' : code === 'EACCES' ? 'no permission' : code;
    throw new Failure(`can't read the folder ${folder}: ${why}`, { cause: error });
  }
}

export interface LoadedEnvironment {
  readonly environment: Environment;
  readonly problems: readonly Problem[];
  /** The file, if one was named. */
  readonly file?: string;
}

/** What was given on the command line counts before the file. */
export function loadEnvironment(terminal: Terminal, { environment, env = [] }: DeploymentArguments): LoadedEnvironment {
  const given = env.map((pair): [string, Variable] => {
    const at = pair.indexOf('=');
    // It may hold a secret.
    if (at < 1) throw new Failure('--env is in the form NAME=value');
    return [pair.slice(0, at), { value: pair.slice(at + 1) }];
  });
  if (environment === undefined) return { environment: new Map(given), problems: [] };
  const path = resolve(terminal.cwd, environment);
  const file = displayPath(terminal, path);
  const parsed = parseEnvironment(
    file,
    readText(path, environment, { maxBytes: MAX_DEFINITION_BYTES, advice: 'name the file of its variables' }),
  );
  return { environment: new Map([...parsed.environment, ...given]), problems: parsed.problems, file };
}

/** The service's database: `--db`, or the one that MONGODB_URL names; nothing of the URL besides is looked at. */
export function databaseOf({ environment }: LoadedEnvironment, { db }: DeploymentArguments): string | undefined {
  const name = db ?? connectionOf(settingOf(environment, 'MONGODB_URL') ?? '')?.database;
  const wrong = name === undefined || name === '' ? undefined : databaseNameProblem(name);
  if (wrong !== undefined) {
    // With a dot it would name another collection of another database. Nothing of the URL is shown.
    const what = db === undefined ? 'what MONGODB_URL names' : `"${db}"`;
    throw new Failure(`${what} can't be a database: ${wrong}`, { advice: 'name the database by --db' });
  }
  return name;
}

/** The policy of a folder's definitions, and what a person should know about it. */
export function initFromDefinitions(
  terminal: Terminal,
  folder: string,
  name: string,
  args: DeploymentArguments,
): { readonly policy: string; readonly report: string } {
  const { read, definitions, programs } = loadDefinitions(terminal, folder);
  const problems = read.flatMap((each) => each.problems);
  if (problems.length > 0) refuse(`the definitions in ${folder} can't be made a policy`, problems);
  const sealed = sealing(definitions);
  if (sealed.length === 0) {
    throw new Failure(`no definition in ${folder} seals a field, so that there is no field map to write`, {
      details: sortProblems(folderTraps(definitions)).map(problemLine),
      advice: `${count(read.length, 'definition')} read; nothing was written`,
    });
  }
  const facts = factsOf(loadEnvironment(terminal, args), args);
  const policy = policyText(definitions, { name, folder, ...facts });
  const compiled = compilePolicy([parsePolicyFile({ file: `${name}.yaml`, text: policy })]);
  if (compiled.problems.length > 0) {
    refuse(`what ${folder} defines can't be said in a policy`, compiled.problems.map(definedAt(sealed, facts.db)));
  }
  const blocks = sortProblems(folderTraps(definitions)).map((problem) => trapText(terminal, problem));
  const left = programs.map((file) => `${wrap(`left out: ${file}: ${NOT_EXECUTED}`, 2, terminal.paint.width)}\n`);
  const fields = sealed.reduce((sum, definition) => sum + sealedIn(definition).length, 0);
  const closing = `${count(fields, 'sealed field')} in ${count(sealed.length, 'collection')}, by ${count(read.length, 'definition')} in ${folder}.`;
  return {
    policy,
    report: `${[...blocks, ...left].join('')}${terminal.paint('bold', wrap(closing, 0, terminal.paint.width))}\n`,
  };
}

/** The problem at the definition that the policy's part was made of: the policy itself is not written. */
function definedAt(definitions: readonly Definition[], db: string): (problem: Problem) => Problem {
  return (problem) => {
    const [, ns = '', , , path] = parsePointer(problem.path);
    const definition = definitions.find(({ name }) => escaped(`${db}.${name}`) === ns || `${db}.${name}` === ns);
    if (definition === undefined) return problem;
    const field = definition.map.fields.find((candidate) => candidate.path === path);
    return { ...problem, ...definition.source.locate(field?.place ?? ['name']) };
  };
}

function trapText(terminal: Terminal, { rule, severity, message, file, line, column }: Problem): string {
  return `${findingText({ rule, severity, message, where: `${file}:${line}:${column}` }, terminal.paint)}\n\n`;
}

function refuse(what: string, problems: readonly Problem[]): never {
  throw new Failure(what, { details: sortProblems(problems).map(problemLine), advice: 'nothing was written' });
}

function problemLine({ file, line, column, message }: Problem): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** What the definitions do not say: one clear sentence for the first thing that is missing. */
function factsOf(loaded: LoadedEnvironment, args: DeploymentArguments) {
  const { environment, problems } = loaded;
  if (problems.length > 0) refuse(`${args.environment} is no file of variables`, problems);
  const db = databaseOf(loaded, args);
  if (db === undefined || db === '') {
    throw new Failure('the definitions name collections, and not their database', {
      advice: 'add --db NAME, or --environment FILE with the MONGODB_URL of the service; nothing was written',
    });
  }
  const provider = providerFor(environment);
  const needed = ['KEY_VAULT_NAMESPACE', ...(provider === 'gcp' ? Object.values(GCP_VARIABLES) : [])];
  for (const variable of needed) {
    const value = settingOf(environment, variable);
    if (value !== undefined && !isPlaceholder(value)) continue;
    const what = value === undefined ? 'is not known' : 'stands for a value that is put in elsewhere';
    throw new Failure(`${variable} ${what}, and the policy says where keys are`, {
      advice: `add --environment FILE with the environment of the service, or --env ${variable}=…; nothing was written`,
    });
  }
  const keyVault = settingOf(environment, 'KEY_VAULT_NAMESPACE') ?? '';
  const unfit = keyVaultProblem(keyVault);
  if (unfit !== undefined) {
    throw new Failure(unfit, { advice: 'correct it, or add --env KEY_VAULT_NAMESPACE=…; nothing was written' });
  }
  return { db, keyVault, kms: kmsOf(environment, provider) };
}

function providerFor(environment: Environment): Provider {
  const written = providerOf(environment);
  const provider = PROVIDERS.find((each) => each === written);
  if (provider !== undefined) return provider;
  const given = environment.size > 0;
  const what = !given
    ? 'the environment of the service says where keys are, and its definitions do not'
    : written === 'none'
      ? `KMS_PROVIDER is ${environment.has('KMS_PROVIDER') ? '"none"' : 'not set'}, and then the service seals nothing, whatever its definitions say`
      : `KMS_PROVIDER is "${written}", and the service knows gcp, local and none`;
  throw new Failure(what, {
    advice: given
      ? 'correct it, or add --env KMS_PROVIDER=gcp; nothing was written'
      : 'add --environment FILE, or --env NAME=value for KMS_PROVIDER, KEY_VAULT_NAMESPACE and KMS_GCP_*; nothing was written',
  });
}
