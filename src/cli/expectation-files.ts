/** What `policy test` works on: files of expectations, and the policies that they are about. */
import { dirname, resolve } from 'node:path';
import type { ExpectationFile } from '../expect/expectation.ts';
import { compileExpectations, parseExpectationFile, policyTested } from '../expect/parse.ts';
import { compilePolicies, type TestedPolicy } from '../expect/policies.ts';
import type { Subject } from '../expect/world.ts';
import { Failure } from '../failure.ts';
import { readText } from '../files/read-file.ts';
import { ownVariables, type ParsedFile } from '../policy/compile.ts';
import { didYouMean } from '../policy/nearest.ts';
import type { Problem } from '../policy/problem.ts';
import type { VariableLayers } from '../policy/variables.ts';
import { type Config, parseFiles, parseNeighbours } from './files.ts';
import { refuseUnusedVariables, variableLayers } from './inputs.ts';
import {
  expectationFilesIn,
  type FoundFiles,
  findConfiguredFiles,
  findFiles,
  policyFilesIn,
  tellUnread,
} from './policy-files.ts';
import type { Terminal } from './terminal.ts';

export interface TestArguments {
  readonly paths?: readonly string[] | undefined;
  readonly policy?: readonly string[] | undefined;
  readonly var?: readonly string[] | undefined;
}

export interface Tests {
  readonly policies: readonly TestedPolicy[];
  /** Every file of expectations that was found. */
  readonly parsed: readonly ParsedFile[];
  /** Those that are about one of the policies, each with it. */
  readonly files: readonly { readonly file: ExpectationFile; readonly subject: Subject }[];
  /** Of the others. */
  readonly problems: readonly Problem[];
}

/** Throws a Failure if a policy does not compile, or there is none. */
export function loadTests(terminal: Terminal, args: TestArguments, config: Config): Tests {
  const { tests, policies: policyFiles } = findTests(terminal, args, config);
  const layers = variableLayers(terminal, args, config);
  const parsed = tests.map((file) => parseExpectationFile({ file, text: readText(resolve(terminal.cwd, file), file) }));
  refuseUnusedVariables(args.var ?? [], [...policyFiles, ...parsed]);
  if (policyFiles.length === 0) {
    throw new Failure('there is no policy beside the expectations', { advice: 'name its files by --policy' });
  }
  const policies = compilePolicies(policyFiles, layers);
  const compiled = parsed.map((file) => compileTest(file, policies, layers));
  return {
    policies,
    parsed,
    files: compiled.flatMap(({ test }) => test ?? []),
    problems: compiled.flatMap(({ problems }) => problems),
  };
}

function findTests(
  terminal: Terminal,
  { paths = [], policy }: TestArguments,
  config: Config,
): { readonly tests: readonly string[]; readonly policies: readonly ParsedFile[] } {
  const configured = (): FoundFiles =>
    findConfiguredFiles(
      terminal,
      config,
      (config.data.policies ?? ['policies']).map((path) => resolve(config.folder, path)),
    );
  const found = paths.length === 0 ? configured() : findFiles(terminal, config, paths);
  tellUnread(terminal, found);
  const folders = [...new Set([...found.files, ...found.tests].map(dirname))];
  // Whoever names a policy means the expectations beside it.
  const tests =
    found.tests.length > 0 ? found.tests : folders.flatMap((folder) => expectationFilesIn(terminal, folder));
  if (policy !== undefined) return { tests, policies: parseFiles(terminal, findFiles(terminal, config, policy).files) };
  const known = paths.length === 0 || config.data.policies === undefined ? undefined : configured();
  const isKnown = [...found.files, ...found.tests].some(
    (file) => known?.files.includes(file) || known?.tests.includes(file),
  );
  const beside = isKnown ? (known?.files ?? []) : folders.flatMap((folder) => policyFilesIn(terminal, folder));
  const neighbours = beside.filter((file) => !found.files.includes(file)).sort();
  const refuse = (failure: Failure): never => {
    throw failure;
  };
  return { tests, policies: [...parseFiles(terminal, found.files), ...parseNeighbours(terminal, neighbours, refuse)] };
}

function compileTest(
  parsed: ParsedFile,
  policies: readonly TestedPolicy[],
  layers: VariableLayers,
): { readonly test?: Tests['files'][number]; readonly problems: readonly Problem[] } {
  const name = policyTested(parsed);
  const tested = policies.find(({ intent }) => intent.policy === name);
  const own = ownVariables((tested?.files ?? []).flatMap(({ source }) => source ?? []));
  const { read, problems } = compileExpectations(parsed, [...layers, own]);
  if (read === undefined) return { problems };
  if (tested !== undefined) {
    const subject = { intent: tested.intent, policies: policies.map(({ intent }) => intent) };
    return { test: { file: read, subject }, problems };
  }
  const names = policies.map(({ intent }) => intent.policy);
  const message = `there is no policy "${read.policy}"${didYouMean(read.policy, names)} among those that were read: ${names.join(', ')}`;
  return { problems: [{ rule: 'expectation/policy', severity: 'error', message, ...read.policyOrigin() }] };
}
