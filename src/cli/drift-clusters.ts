/** One cluster, or several side by side, read and held against their policies. */

import { resolve } from 'node:path';
import { checkedUri, hostsOf, isConnectionString } from '../cluster/uri.ts';
import { changesSince, type PastFinding, parsePastReport } from '../drift/past-report.ts';
import { driftReport } from '../drift/report.ts';
import { Failure } from '../failure.ts';
import { readText, SNAPSHOT_LIMIT } from '../files/read-file.ts';
import { type DriftDocument, driftDocument } from '../report/drift/document.ts';
import type { DriftFleet, Unread } from '../report/drift/fleet.ts';
import { reportEvidence } from './evidence.ts';
import type { Config } from './files.ts';
import { type CommonArguments, clusterEntry, loadActual, loadPolicy, readingFor, usingCluster } from './inputs.ts';
import { VERSION } from './package-version.ts';
import { collectionToScan, type ScanArguments, scanSealed } from './scan-options.ts';
import { type Terminal, withProgress } from './terminal.ts';

export interface DriftArguments extends CommonArguments, ScanArguments {
  readonly allClusters?: boolean | undefined;
  readonly timestamp: boolean;
  readonly since?: string | undefined;
  readonly baseline?: string | undefined;
}

/** As many clusters are read at the same time. */
const SIDE_BY_SIDE = 8;

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
  const waiting = [...names.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, cluster] = next;
      outcomes[at] = await attempt(terminal, { ...args, cluster }, config, shownName(cluster));
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
  args: DriftArguments,
  config: Config,
  cluster: string,
): Promise<DriftDocument | Unread> {
  const own = { ...terminal, err: (text: string) => terminal.err(`${cluster}: ${text}`), progress: () => {} };
  try {
    return await readDrift(own, args, config);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const details = error.details.length === 0 ? '' : `: ${error.details.join('; ')}`;
    return { cluster, message: `${error.message}${details}` };
  }
}

/** One cluster or snapshot against its policy. */
export async function readDrift(terminal: Terminal, args: DriftArguments, config: Config): Promise<DriftDocument> {
  const policy = loadPolicy(terminal, args, config);
  const { intent } = policy;
  const sealed = collectionToScan(intent, args);
  const reading = readingFor(intent);
  const { kind, state, name, scan } =
    sealed === undefined
      ? { ...(await loadActual(terminal, args, config, reading)), scan: undefined }
      : await usingCluster(terminal, args, config, reading, async (cluster, shown, client) => {
          const actual = await cluster.read();
          return {
            kind: 'cluster' as const,
            state: actual,
            name: shown,
            scan: await scanSealed(terminal, client, sealed, actual, args),
          };
        });
  const policies = intent.inventory === 'closed' ? policy.ofRun() : [intent];
  const { today } = terminal;
  const found = driftReport(intent, state, { today, scan, policies });
  // What a snapshot leaves out is known to the report; what nothing of the policy asks about, to the state.
  const read = new Set(state.unreadable.map(({ what }) => what));
  const unseen = found.unreadable.filter(({ what }) => !read.has(what));
  const before = pastFindings(terminal, args.since, args.cluster, name);
  const known = pastFindings(terminal, args.baseline, args.cluster, name);
  const since = before && { file: args.since ?? '', ...changesSince(before, found.findings) };
  const covered = known && changesSince(known, found.findings);
  const report = covered === undefined ? found : { ...found, findings: covered.added };
  const baseline = covered && { file: args.baseline ?? '', accepted: covered.kept, gone: covered.gone.length };
  return driftDocument({
    cluster: name,
    // A connection string may hold credentials.
    id: clusterEntry(config, args.cluster) === undefined ? undefined : args.cluster,
    intent,
    policies,
    actual: state,
    report,
    version: VERSION,
    today,
    evidence: reportEvidence(terminal, args, { policies, sources: [{ kind, name, state }], unseen }),
    since,
    baseline,
  });
}

/** The findings that an earlier report has of the cluster; nothing if none is named. */
function pastFindings(
  terminal: Terminal,
  file: string | undefined,
  cluster: string | undefined,
  shown: string,
): readonly PastFinding[] | undefined {
  if (file === undefined) return undefined;
  const text = readText(resolve(terminal.cwd, file), file, SNAPSHOT_LIMIT);
  try {
    const past = parsePastReport(text);
    // A report of several clusters knows them by what it shows of them.
    return past.findingsOf(shown) ?? past.findingsOf(cluster ?? '') ?? [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`can't use ${file}: ${reason}`, { advice: 'name a file that drift report --format json wrote' });
  }
}
