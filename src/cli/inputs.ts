/** What every command starts from: the policy, and the actual state of a cluster or a snapshot. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { MongoClient } from 'mongodb';
import { releaseNotes } from '../access/state-notes.ts';
import type { ReadOptions } from '../cluster/read-state.ts';
import { checkedUri, hostsOf, isConnectionString } from '../cluster/uri.ts';
import { Failure } from '../failure.ts';
import { readText, SNAPSHOT_LIMIT } from '../files/read-file.ts';
import type { ClusterEntry } from '../generated/config.ts';
import type { Cluster } from '../migrate/cluster.ts';
import type { ReadByFiles } from '../migrate/pending.ts';
import { formatNamespace, type Namespace, parseNamespace } from '../model/names.ts';
import type { ParsedFile } from '../policy/compile.ts';
import { secretReference } from '../policy/compile-access.ts';
import type { Intent } from '../policy/intent.ts';
import { didYouMean } from '../policy/nearest.ts';
import { referencesIn } from '../policy/variables.ts';
import type { StateSource } from '../report/evidence.ts';
import { serverText } from '../report/state-title.ts';
import type { ClusterState } from '../state/state.ts';
import { DEADLINE_SECONDS } from './common-options.ts';
import { type Config, parseFiles, parseNeighbours, readSecret } from './files.ts';
import { VERSION } from './package-version.ts';
import { compileEach, problemLine } from './policies-of-run.ts';
import { findConfigured, findConfiguredIfAny, findPolicyFiles, tellUnread } from './policy-files.ts';
import { PolicyMemory } from './policy-memory.ts';
import { type Terminal, withProgress } from './terminal.ts';

export interface CommonArguments {
  readonly config?: string | undefined;
  readonly var?: readonly string[] | undefined;
  readonly policy?: readonly string[] | undefined;
  readonly cluster?: string | undefined;
  readonly snapshot?: string | undefined;
  readonly timeout?: number | undefined;
  readonly deadline?: number | undefined;
  readonly encryptionLibrary?: string | undefined;
}

/** The cluster's entry in the configuration, if it is named there; without a name that of the only cluster. */
export function clusterEntry(config: Config, name: string | undefined): ClusterEntry | undefined {
  const clusters = config.data.clusters ?? {};
  const meant = name ?? onlyCluster(config);
  return meant !== undefined && Object.hasOwn(clusters, meant) ? clusters[meant] : undefined;
}

/** The cluster's name and entry, of the one that is named or the only one; none of what is no name. */
export function namedEntries(config: Config, name: string | undefined): readonly [string, ClusterEntry][] {
  const meant = name ?? onlyCluster(config);
  const entry = clusterEntry(config, meant);
  return meant === undefined || entry === undefined ? [] : [[meant, entry]];
}

/**
 * For a command line that is proposed: the option that names the same cluster, or nothing where it is the only one. A
 * connection string may hold a password, and `otherwise` stands for it.
 */
export function clusterOption(name: string | undefined, config: Config, otherwise: string): string {
  if (clusterEntry(config, name) === undefined) return otherwise;
  return name === undefined ? '' : ` --cluster ${name}`;
}

/** The cluster that is meant where none is named. */
function onlyCluster({ data }: Config): string | undefined {
  const names = Object.keys(data.clusters ?? {});
  return names.length === 1 ? names[0] : undefined;
}

/** The cluster's entry in the configuration. Throws a Failure if there is none. */
export function knownEntry(cluster: string, config: Config): ClusterEntry {
  const entry = clusterEntry(config, cluster);
  if (entry !== undefined) return entry;
  if (cluster.includes('://')) {
    throw new Failure('this is not a connection string', { advice: 'it begins with mongodb:// or mongodb+srv://' });
  }
  const known = Object.keys(config.data.clusters ?? {});
  const where = config.file ?? 'mongoward.config.yaml, which is not here';
  // It may be a part of a connection string, and hold a password.
  const shown = /[@:/]/.test(cluster) ? 'of that name' : `"${cluster}"`;
  throw new Failure(`there is no cluster ${shown} in ${where}`, {
    advice:
      known.length === 0
        ? 'give a URI that begins with mongodb://'
        : `known: ${known.sort().join(', ')}${didYouMean(cluster, known)}`,
  });
}

/** The layers of variables above the policy's own, the strongest first. */
export function variableLayers(
  terminal: Terminal,
  args: Pick<CommonArguments, 'var' | 'cluster'>,
  config: Config,
): readonly [
  flags: ReadonlyMap<string, string>,
  environment: ReadonlyMap<string, string>,
  entry: ReadonlyMap<string, string>,
] {
  const flags = (args.var ?? []).map((text): [string, string] => {
    const at = text.indexOf('=');
    if (at < 1) throw new Failure(`--var ${text} is not in the form name=value`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  const prefix = 'MONGOWARD_VAR_';
  const environment = Object.entries(terminal.env).flatMap(([name, value]): [string, string][] =>
    name.startsWith(prefix) && value !== undefined ? [[name.slice(prefix.length), value]] : [],
  );
  const entry = Object.entries(clusterEntry(config, args.cluster)?.variables ?? {});
  return [new Map(flags), new Map(environment), new Map(entry)];
}

/** A flag that changes nothing is a slip of the pen: the policy would be another one than was meant. */
export function refuseUnusedVariables(flags: readonly string[], files: readonly ParsedFile[]): void {
  const texts = files.flatMap(({ source }) => source?.text ?? []);
  const used = new Set(texts.flatMap(referencesIn));
  for (const flag of flags) {
    const [name = ''] = flag.split('=', 1);
    if (used.has(name)) continue;
    throw new Failure(`no policy file uses the variable "${name}" of --var${didYouMean(name, used)}`);
  }
}

/**
 * The policy, compiled, with the demands that the cluster's entry states instead of its own. A policy that does not
 * compile is a Failure with every problem's file, line and column.
 */
export function loadIntent(terminal: Terminal, args: CommonArguments, config: Config): Intent {
  return loadPolicy(terminal, args, config).intent;
}

export interface LoadedPolicy {
  readonly intent: Intent;
  /** The files that it was compiled from, for whoever lints them. */
  readonly files: readonly ParsedFile[];
  /**
   * All policies of the run, this one first: whoever changes a cluster must break the demands of none. Throws a Failure
   * for one that does not compile.
   */
  ofRun(): readonly Intent[];
}

/** Like {@link loadIntent}, with the files. `memory`: that of all clusters that are looked at now. */
export function loadPolicy(
  terminal: Terminal,
  args: CommonArguments,
  config: Config,
  memory = new PolicyMemory(),
): LoadedPolicy {
  if (args.cluster !== undefined && !isConnectionString(args.cluster)) knownEntry(args.cluster, config);
  const configured = configuredPaths(args, config);
  const found =
    args.policy === undefined
      ? findConfigured(terminal, config, configured)
      : findPolicyFiles(terminal, config, args.policy);
  tellUnread(terminal, found);
  const { files } = found;
  const parsed = parseFiles(terminal, files, memory);
  refuseUnusedVariables(args.var ?? [], parsed);
  const variables = variableLayers(terminal, args, config);
  const compiled = memory.compiled(parsed, variables);
  if (compiled.intent === undefined) {
    throw new Failure(`the policy is not valid`, {
      details: compiled.problems.map(problemLine),
      advice: 'mongoward policy lint shows the same with more about each',
    });
  }
  const intent = withDemands(compiled.intent, clusterEntry(config, args.cluster));
  const beside = (): readonly string[] =>
    args.policy === undefined
      ? []
      : findConfiguredIfAny(terminal, config, configured).filter((file) => !files.includes(file));
  const ofRun = (): readonly Intent[] => [
    intent,
    ...compileEach(
      parseNeighbours(terminal, beside(), refuse, memory),
      (group) => memory.compiled(group, variables),
      intent.policy,
    ),
  ];
  return { intent, files: parsed, ofRun };
}

/** The same policy where the entry demands nothing, so that what is known of it need not be found again. */
function withDemands(intent: Intent, entry: ClusterEntry | undefined): Intent {
  const demands = entry?.cluster;
  return demands === undefined ? intent : { ...intent, cluster: { ...intent.cluster, ...demands } };
}

/** Where the policies lie that a cluster is to have. */
export function configuredPaths({ cluster }: Pick<CommonArguments, 'cluster'>, config: Config): readonly string[] {
  const paths = clusterEntry(config, cluster)?.policies ?? config.data.policies ?? ['policies'];
  return paths.map((path) => resolve(config.folder, path));
}

function refuse(failure: Failure): never {
  throw failure;
}

/** The policy of whoever works without one too: that which is named, or lies where policies lie. */
export function loadPolicyIfAny(terminal: Terminal, args: CommonArguments, config: Config): LoadedPolicy | undefined {
  const configured = clusterEntry(config, args.cluster)?.policies ?? config.data.policies;
  const isNamed = args.policy !== undefined || configured !== undefined;
  if (!isNamed && !existsSync(resolve(config.folder, 'policies'))) return undefined;
  return loadPolicy(terminal, args, config);
}

/**
 * All policies of whoever asks without changing anything: those of the files that are named, and else every policy that
 * lies where policies lie, of which there may be several.
 */
export function loadPoliciesIfAny(terminal: Terminal, args: CommonArguments, config: Config): readonly Intent[] {
  if (args.policy !== undefined) return loadPolicy(terminal, args, config).ofRun();
  const paths = configuredPaths(args, config);
  const memory = new PolicyMemory();
  const files = parseNeighbours(terminal, findConfiguredIfAny(terminal, config, paths), refuse, memory);
  const variables = variableLayers(terminal, args, config);
  const entry = clusterEntry(config, args.cluster);
  return compileEach(files, (group) => memory.compiled(group, variables)).map((intent) => withDemands(intent, entry));
}

/** What has to be read of a cluster to compare it with a policy; `more`: what migration files are about besides. */
export function readingFor(
  { collections }: Pick<Intent, 'collections'>,
  more: ReadByFiles = { indexesOf: [], keyVaults: [] },
): Required<ReadOptions> {
  const vaults = new Map(
    collections.flatMap(({ encryption }): [string, Namespace][] => {
      const ns = encryption && parseNamespace(encryption.keyVault);
      return ns === undefined ? [] : [[encryption?.keyVault ?? '', ns]];
    }),
  );
  for (const ns of more.keyVaults) vaults.set(formatNamespace(ns), ns);
  const keyVaults = [...vaults.values()];
  return { indexesOf: [...collections.map(({ ns }) => ns), ...keyVaults, ...more.indexesOf], keyVaults };
}

/** What the cluster or the snapshot has. `reading`: what is wanted of a cluster; the whole of it if absent. */
export async function loadActual(
  terminal: Terminal,
  args: CommonArguments,
  config: Config,
  reading: ReadOptions = {},
): Promise<StateSource> {
  if (args.snapshot === undefined) {
    clusterToConnect(args, config, ', or --snapshot FILE');
    return usingCluster(terminal, args, config, reading, async (cluster, name) => ({
      kind: 'cluster',
      state: await cluster.read(),
      name,
    }));
  }
  const { parseSnapshot } = await import('../state/snapshot.ts');
  const text = readText(resolve(terminal.cwd, args.snapshot), args.snapshot, SNAPSHOT_LIMIT);
  let state: ClusterState;
  try {
    state = parseSnapshot(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`can't use the snapshot ${args.snapshot}: ${reason}`, { cause: error });
  }
  sayNotes(terminal, releaseNotes(state));
  return { kind: 'snapshot', state, name: args.snapshot };
}

/** What is worth knowing besides the answer. */
export function sayNotes(terminal: Terminal, notes: readonly string[]): void {
  for (const note of notes) terminal.err(`note: ${note}\n`);
}

/**
 * The state that a question is about: a cluster's, a snapshot's, or without either what the policy alone makes, where the
 * `places` are that are asked about. `where` says which, for a title; `policies` are those that it rests on.
 */
export async function loadStateToAsk(
  terminal: Terminal,
  args: CommonArguments,
  config: Config,
  places: readonly string[],
): Promise<{
  readonly state: ClusterState;
  readonly where: string;
  readonly source: StateSource;
  readonly policies: readonly Intent[];
}> {
  if (args.cluster !== undefined || args.snapshot !== undefined) {
    const source = await loadActual(terminal, args, config);
    const { state, name } = source;
    return { state, where: `${name} (${serverText(state)})`, source, policies: [] };
  }
  const { policyState } = await import('../plan/policy-state.ts');
  const intent = loadIntent(terminal, args, config);
  const release = intent.cluster.version === undefined ? 'the newest release' : `MongoDB ${intent.cluster.version}`;
  const state = policyState(intent, { today: terminal.today, places });
  sayNotes(terminal, releaseNotes(state));
  const where = `a replica set of policy "${intent.policy}" alone (${release})`;
  return { state, where, source: { kind: 'policy', name: intent.policy, state }, policies: [intent] };
}

/** Connects to the cluster that the arguments name, and closes the connection when the work is done. */
export async function usingCluster<T>(
  terminal: Terminal,
  args: CommonArguments,
  config: Config,
  reading: ReadOptions,
  work: (cluster: Cluster, name: string, client: MongoClient) => Promise<T>,
): Promise<T> {
  const { liveCluster } = await import('../cluster/live-cluster.ts');
  let notes: readonly string[] = [];
  const result = await usingClient(terminal, args, config, (client, uri, name) => {
    const cluster = liveCluster(client, uri, { tool: `mongoward ${VERSION}`, ...reading });
    const read = async (): Promise<ClusterState> => {
      const state = await cluster.read();
      notes = releaseNotes(state);
      return state;
    };
    return work({ ...cluster, read }, name, client);
  });
  // However often it was read.
  sayNotes(terminal, notes);
  return result;
}

/** An hour. Answers are waited for some times as long, and no timer of Node.js runs longer than 24 days. */
const LONGEST_TIMEOUT = 3600;

/** A week. */
const LONGEST_DEADLINE = 7 * 24 * 3600;

function milliseconds(option: string, seconds: number, most: number): number {
  if (seconds > 0 && seconds <= most) return seconds * 1000;
  throw new Failure(`${option} is a number of seconds greater than 0, and ${most} at most`);
}

/** The same with the driver's own client, and the connection string that it was made from. */
export async function usingClient<T>(
  terminal: Terminal,
  args: CommonArguments,
  config: Config,
  work: (client: MongoClient, uri: string, name: string) => Promise<T>,
): Promise<T> {
  const { uri, hosts, name, connect } = connectionTo(terminal, args, config);
  const { withClient } = await import('../cluster/connect.ts');
  return withProgress(terminal, `Connecting to ${hosts}`, (say) =>
    withClient(uri, connect, (client) => {
      say(`Working on ${hosts}`);
      return work(client, uri, name);
    }),
  );
}

/** How a cluster is reached; `uri` holds credentials and goes nowhere but to the driver. */
interface Connection {
  readonly uri: string;
  readonly hosts: string;
  readonly name: string;
  readonly connect: { readonly serverSelectionTimeoutMS: number; readonly deadlineMs: number };
}

/** Throws a Failure for what can't be connected with, before anything is. */
export function connectionTo(terminal: Terminal, args: CommonArguments, config: Config): Connection {
  const cluster = clusterToConnect(args, config);
  const uri = checkedUri(connectionString(terminal, cluster, config));
  const hosts = hostsOf(uri);
  return {
    uri,
    hosts,
    name: clusterEntry(config, cluster) === undefined ? hosts : `${cluster} (${hosts})`,
    connect: {
      serverSelectionTimeoutMS: milliseconds('--timeout', args.timeout ?? 10, LONGEST_TIMEOUT),
      deadlineMs: milliseconds('--deadline', args.deadline ?? DEADLINE_SECONDS, LONGEST_DEADLINE),
    },
  };
}

/**
 * The cluster that is named, or the only one of the configuration. Throws a Failure if nobody can tell; `instead` says
 * what the command takes in its place.
 */
export function clusterToConnect({ cluster }: Pick<CommonArguments, 'cluster'>, config: Config, instead = ''): string {
  const meant = cluster ?? onlyCluster(config);
  if (meant !== undefined) return meant;
  const known = Object.keys(config.data.clusters ?? {});
  if (known.length === 0) throw new Failure('no cluster is named', { advice: `add --cluster URI${instead}` });
  throw new Failure(`no cluster is named, and ${config.file} has ${known.length}`, {
    advice: `add ${known.map((name) => `--cluster ${name}`).join(' or ')}${instead}`,
  });
}

/** The connection string of a cluster; it holds credentials and goes nowhere but to the driver. */
function connectionString(terminal: Terminal, cluster: string, config: Config): string {
  if (isConnectionString(cluster)) return cluster;
  const entry = knownEntry(cluster, config);
  const problem = (_rule: string, _path: unknown, message: string): void => {
    throw new Failure(`the uri of cluster "${cluster}": ${message}`);
  };
  const reference = secretReference({ problem }, ['uri'], entry.uri);
  if (reference === undefined) throw new Failure(`the cluster "${cluster}" has no uri`);
  return readSecret(terminal, reference, config.folder, `the URI of cluster "${cluster}"`);
}
