/** One cluster, or several side by side, read and held against their policies. */

import { resolve } from 'node:path';
import { violationsOf } from '../access/violations.ts';
import { unseenShards } from '../access/who.ts';
import type { ReadOptions } from '../cluster/read-state.ts';
import { checkedUri, hostsOf, isConnectionString } from '../cluster/uri.ts';
import type { DriftFinding } from '../drift/finding.ts';
import { type Changes, changesSince, type PastReport, parsePastReport } from '../drift/past-report.ts';
import { type DriftReport, driftReport } from '../drift/report.ts';
import type { ScanResult } from '../drift/scan-findings.ts';
import { Failure } from '../failure.ts';
import { readText, SNAPSHOT_LIMIT } from '../files/read-file.ts';
import type { Cluster } from '../migrate/cluster.ts';
import type { Directory } from '../migrate/directory.ts';
import type { JournalEntry } from '../migrate/journal.ts';
import { migrationNotes } from '../migrate/migration-notes.ts';
import { readByFiles } from '../migrate/pending.ts';
import type { ParsedFile } from '../policy/compile.ts';
import type { IntentCollection } from '../policy/intent.ts';
import { type DriftDocument, driftDocument } from '../report/drift/document.ts';
import type { DriftFleet, Unread } from '../report/drift/fleet.ts';
import type { Lowered, StateSource } from '../report/evidence.ts';
import type { Unreadable } from '../state/state.ts';
import { reportEvidence } from './evidence.ts';
import type { Config } from './files.ts';
import {
  type CommonArguments,
  clusterToConnect,
  loadActual,
  loadPolicy,
  namedEntries,
  readingFor,
  usingCluster,
  variableLayers,
} from './inputs.ts';
import { entryLowered, rulesLowered, suppressionsIn } from './lowered.ts';
import { directoryOf, readFolderIfAny } from './migrations-folder.ts';
import { VERSION } from './package-version.ts';
import { PolicyMemory } from './policy-memory.ts';
import { collectionToScan, type ScanArguments, scanSealed } from './scan-options.ts';
import { type Terminal, withProgress } from './terminal.ts';

export interface DriftArguments extends CommonArguments, ScanArguments {
  readonly allClusters?: boolean | undefined;
  readonly timestamp: boolean;
  readonly dir?: string | undefined;
  readonly since?: string | undefined;
  readonly baseline?: string | undefined;
}

/** As many clusters are read at the same time. */
const SIDE_BY_SIDE = 16;

/** The names that `--cluster a,b` or `--all-clusters` stands for; one connection string is one cluster, commas or not. */
export function clusterNames(args: Pick<DriftArguments, 'cluster' | 'allClusters'>, config: Config): readonly string[] {
  const { cluster, allClusters } = args;
  if (allClusters === true) {
    const names = Object.keys(config.data.clusters ?? {}).sort();
    if (names.length > 0) return names;
    throw new Failure('--all-clusters: the configuration names no cluster', {
      advice: 'name them in mongoward.config.yaml, under clusters',
    });
  }
  if (cluster === undefined || isConnectionString(cluster)) return cluster === undefined ? [] : [cluster];
  const names = cluster.split(',').map((name) => name.trim());
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Failure(`--cluster names ${twice} more than once`);
  return names;
}

/** Reads all that are named. With several of them, one that can't be read is told, and hides none of the others. */
export async function readClusters(terminal: Terminal, args: DriftArguments, config: Config): Promise<DriftFleet> {
  const names = clusterNames(args, config);
  if (names.length < 2) {
    const [cluster] = names;
    return { documents: [await readDrift(terminal, { ...args, cluster }, config)], unread: [] };
  }
  if (args.scan !== undefined) {
    throw new Failure('--scan looks into one cluster, and several are named', { advice: 'scan them one by one' });
  }
  // What is wrong with them is no cluster's fault.
  for (const file of [args.since, args.baseline]) if (file !== undefined) readPastReport(terminal, file);
  return withProgress(terminal, `Reading ${names.length} clusters`, () => readEach(terminal, args, config, names));
}

/** Side by side. Throws for nothing that a cluster does. */
export async function readEach(
  terminal: Terminal,
  args: DriftArguments,
  config: Config,
  names: readonly string[],
): Promise<DriftFleet> {
  const outcomes: (DriftDocument | Unread)[] = [];
  const memory = new PolicyMemory();
  const waiting = [...names.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, cluster] = next;
      outcomes[at] = await attempt(terminal, { ...args, cluster }, config, memory);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return {
    documents: outcomes.filter((outcome): outcome is DriftDocument => 'report' in outcome),
    unread: outcomes.filter((outcome): outcome is Unread => 'message' in outcome),
  };
}

/** A connection string holds credentials: its hosts are shown. */
function shownName(cluster: string): string {
  return isConnectionString(cluster) ? hostsOf(checkedUri(cluster)) : cluster;
}

async function attempt(
  terminal: Terminal,
  args: DriftArguments & { readonly cluster: string },
  config: Config,
  memory: PolicyMemory,
): Promise<DriftDocument | Unread> {
  const cluster = shownName(args.cluster);
  const own = { ...terminal, err: (text: string) => terminal.err(`${cluster}: ${text}`), progress: () => {} };
  try {
    return await readDrift(own, args, config, memory);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const details = error.details.length === 0 ? '' : `: ${error.details.join('; ')}`;
    return { cluster, message: `${error.message}${details}` };
  }
}

/** One cluster or snapshot against its policy. */
async function readDrift(
  terminal: Terminal,
  args: DriftArguments,
  config: Config,
  memory = new PolicyMemory(),
): Promise<DriftDocument> {
  const policy = loadPolicy(terminal, args, config, memory);
  const { intent } = policy;
  const sealed = collectionToScan(intent, args);
  const folder = folderFor(terminal, args, config);
  const reading = readingFor(intent, readByFiles(folder.files));
  const { kind, state, name, scan, journal } = await readSources(terminal, args, config, reading, {
    sealed,
    journalled: folder.files.length > 0,
  });
  const policies = intent.inventory === 'closed' || folder.files.length > 0 ? policy.ofRun() : [intent];
  const { today } = terminal;
  const migrations = migrationNotes({ ...folder, entries: journal.entries }, state, policies, today);
  const violations = violationsOf(policies, state, { today });
  const unlooked = [...folder.unseen, ...journal.unseen];
  const found = driftReport(intent, state, { today, scan, policies, migrations, violations, unseen: unlooked });
  // What a snapshot leaves out is known to the report; what nothing of the policy asks about, to the state.
  const read = new Set(state.unreadable.map(({ what }) => what));
  const unread = found.unreadable.filter(({ what }) => !read.has(what));
  const unseen = [...unread, ...unseenShards(state)];
  const [id = name] = namedEntries(config, args.cluster).map(([named]) => named);
  const since = comparedWith(terminal, args.since, id, found);
  const covered = comparedWith(terminal, args.baseline, id, found);
  const report = covered === undefined ? found : { ...found, findings: covered.added };
  const baseline = covered && { ...covered, accepted: covered.kept, gone: covered.gone.length };
  return driftDocument({
    cluster: name,
    id,
    intent,
    policies,
    actual: state,
    report,
    violations,
    version: VERSION,
    today,
    evidence: reportEvidence(terminal, args, {
      policies,
      sources: [{ kind, name, state }],
      lowered: loweredFor(terminal, args, config, policy.files, memory),
      unseen,
    }),
    since,
    baseline,
  });
}

function loweredFor(
  terminal: Terminal,
  args: DriftArguments,
  config: Config,
  files: readonly ParsedFile[],
  memory: PolicyMemory,
): readonly Lowered[] {
  const [flags, environment] = variableLayers(terminal, args, config);
  return [
    ...rulesLowered(config),
    ...suppressionsIn(files, terminal.today),
    ...namedEntries(config, args.cluster).flatMap(([cluster, entry]) =>
      entryLowered(cluster, entry, files, [flags, environment], memory),
    ),
  ];
}

interface Sources extends StateSource {
  readonly scan?: ScanResult | undefined;
  readonly journal: { readonly entries?: readonly JournalEntry[]; readonly unseen: readonly Unreadable[] };
}

/** The state, and of a cluster what is stored in a sealed collection and the journal, where these are wanted. */
async function readSources(
  terminal: Terminal,
  args: DriftArguments,
  config: Config,
  reading: Required<ReadOptions>,
  { sealed, journalled }: { readonly sealed: IntentCollection | undefined; readonly journalled: boolean },
): Promise<Sources> {
  const nothing = { unseen: [] };
  if (sealed === undefined && (!journalled || args.snapshot !== undefined)) {
    return { ...(await loadActual(terminal, args, config, reading)), journal: nothing };
  }
  clusterToConnect(args, config, ', or --snapshot FILE');
  return usingCluster(terminal, args, config, reading, async (cluster, name, client) => {
    const state = await cluster.read();
    const scan = sealed && (await scanSealed(terminal, client, sealed, state, args));
    return { kind: 'cluster', state, name, scan, journal: journalled ? await journalOf(cluster) : nothing };
  });
}

/** Whoever may read the cluster need not be allowed to read the journal: that is told, and the state shows what is in place. */
async function journalOf(cluster: Cluster): Promise<Sources['journal']> {
  try {
    return { entries: await cluster.journal('all'), unseen: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { unseen: [{ what: 'the journal of migrations', why: error.message }] };
  }
}

/** The migrations that are meant for the cluster; where nobody can tell which these are, that is said. */
function folderFor(
  terminal: Terminal,
  args: DriftArguments,
  config: Config,
): Directory & { readonly unseen: readonly Unreadable[] } {
  try {
    return { ...directoryOf(readFolderIfAny(terminal, args, config)), unseen: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { files: [], problems: [], unseen: [{ what: 'the folder of migrations', why: error.message }] };
  }
}

interface Compared extends Changes {
  readonly file: string;
  /** The file says nothing of the cluster. */
  readonly absent: boolean;
}

/** The findings beside those of an earlier report; nothing if none is named. */
function comparedWith(
  terminal: Terminal,
  file: string | undefined,
  id: string,
  { findings, accepted }: DriftReport,
): Compared | undefined {
  if (file === undefined) return undefined;
  const before = readPastReport(terminal, file).findingsOf(id);
  // What the policy accepts is neither new nor gone.
  const taken = new Set(accepted.map(({ finding }) => finding));
  const { added, kept, gone } = changesSince(before ?? [], [...findings, ...taken]);
  const counting = (list: readonly DriftFinding[]) => list.filter((finding) => !taken.has(finding));
  return { file, absent: before === undefined, added: counting(added), kept: counting(kept), gone };
}

/** Throws a Failure if it is no report. */
function readPastReport(terminal: Terminal, file: string): PastReport {
  const text = readText(resolve(terminal.cwd, file), file, SNAPSHOT_LIMIT);
  try {
    return parsePastReport(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`can't use ${file}: ${reason}`, { advice: 'name a file that drift report --format json wrote' });
  }
}
