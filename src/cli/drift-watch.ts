/** `drift watch`: the report again and again, for Prometheus and for people, with a call on a change. */

import { isConnectionString } from '../cluster/uri.ts';
import type { DriftFinding } from '../drift/finding.ts';
import { changesSince } from '../drift/past-report.ts';
import { Failure } from '../failure.ts';
import { durationSeconds } from '../policy/presets.ts';
import type { DriftDocument } from '../report/drift/document.ts';
import { formatDrift } from '../report/drift/formats.ts';
import { plain } from '../report/paint.ts';
import { type Address, listen } from '../watch/listen.ts';
import { rounds } from '../watch/rounds.ts';
import { call, type Webhook } from '../watch/webhook.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { withCluster, withPolicy } from './common-options.ts';
import { clusterNames, type DriftArguments, readEach } from './drift-clusters.ts';
import { type Config, loadConfig } from './files.ts';
import { harmlessOutput } from './guard.ts';
import { type CommonArguments, clusterToConnect, connectionTo, knownEntry, loadPolicy } from './inputs.ts';
import { VERSION } from './package-version.ts';
import { ruleHelp } from './rule-pages.ts';
import type { Terminal } from './terminal.ts';

const URL_VARIABLE = 'MONGOWARD_WEBHOOK_URL';
const SECRET_VARIABLE = 'MONGOWARD_WEBHOOK_SECRET';

export const driftWatch = defineCommand({
  command: 'watch',
  describe: 'Stay up, and report where clusters differ from their policies',
  examples: [
    ['$0 drift watch --cluster prod', 'Metrics and the page at http://127.0.0.1:9464'],
    ['$0 drift watch --all-clusters --interval 15m', 'Every cluster of the configuration'],
  ],
  options: (yargs) =>
    withCluster(withPolicy(yargs))
      .option('all-clusters', { type: 'boolean', describe: 'Every cluster of the configuration' })
      .option('interval', {
        type: 'string',
        requiresArg: true,
        default: '5m',
        describe: 'Between two rounds: 30s, 5m, 1h',
      })
      .option('listen', {
        type: 'string',
        requiresArg: true,
        default: '127.0.0.1:9464',
        describe: 'Where /metrics, /healthz and /report are',
      })
      .option('webhook-form', {
        choices: ['json', 'slack'] as const,
        requiresArg: true,
        default: 'json' as 'json' | 'slack',
        describe: `What is sent on a change to the URL in ${URL_VARIABLE}, signed with ${SECRET_VARIABLE}`,
      })
      .conflicts('all-clusters', 'cluster'),
  run: async (args, terminal): Promise<ExitCode> => {
    const interval = intervalOf(args.interval);
    refuseUnreadable(terminal, args);
    const webhook = webhookOf(terminal, args.webhookForm);
    const watched = watcher(terminal, { ...args, timestamp: true }, webhook);
    const address = addressOf(args.listen);
    const listener = await listen(address, {
      metrics: () => watched.metrics,
      report: () => watched.report,
      isHealthy: () => terminal.now().getTime() - watched.ended < LATE * interval + ROUND_MS,
    }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Failure(`can't listen on ${args.listen}: ${reason}`, { cause: error });
    });
    const host = address.host.includes(':') ? `[${address.host}]` : address.host;
    terminal.err(`watching: http://${host}:${listener.port}/report\n`);
    try {
      await rounds(watched.round, { interval, random: Math.random, ending: terminal.ending() });
    } finally {
      await listener.close();
    }
    return 0;
  },
});

type WatchArguments = CommonArguments & Pick<DriftArguments, 'allClusters'>;

/** The only cluster of the configuration where none is named, as with every command. */
function watchedClusters(args: WatchArguments, config: Config): readonly string[] {
  const names = clusterNames(args, config);
  return names.length > 0 ? names : [clusterToConnect(args, config, ', or --all-clusters')];
}

/**
 * A watch that could read nothing ends at once. Of several clusters one that can't be read is told in each round, and hides
 * none of the others; so is what goes wrong later, which may be under way.
 */
function refuseUnreadable(terminal: Terminal, args: WatchArguments): void {
  const config = loadConfig(terminal, args.config);
  const clusters = watchedClusters(args, config);
  for (const cluster of clusters) if (!isConnectionString(cluster)) knownEntry(cluster, config);
  const failures = clusters.map((cluster) => failureOf(terminal, { ...args, cluster }, config));
  const [first] = failures;
  if (first !== undefined && failures.every((failure) => failure !== undefined)) throw first;
}

/** Why a cluster could not be watched, whether it is there or not. */
function failureOf(terminal: Terminal, args: CommonArguments, config: Config): Failure | undefined {
  // What is to be known beside a policy is told in each round.
  const silent = { ...terminal, err: () => {} };
  try {
    loadPolicy(silent, args, config);
    connectionTo(silent, args, config);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** So many intervals without the end of a round, and the time that one may take, and the watch is not well. */
const LATE = 3;
const ROUND_MS = 60_000;

function intervalOf(text: string): number {
  const seconds = /^\d+[smhd]$/.test(text) ? durationSeconds(text) : Number.NaN;
  if (seconds >= 1 && seconds <= 86_400) return seconds * 1000;
  throw new Failure(`--interval ${text} is no duration between 1s and 1d`, { advice: 'write 30s, 5m or 1h' });
}

function addressOf(text: string): Address {
  const [, bracketed, plainHost, port = ''] = /^(?:\[([\da-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plainHost;
  if (host === undefined || Number(port) > 65_535) {
    throw new Failure(`--listen ${text} is not in the form address:port`, { advice: 'write 127.0.0.1:9464' });
  }
  return { host, port: Number(port) };
}

function webhookOf({ env }: Terminal, form: Webhook['form']): Webhook | undefined {
  const url = env[URL_VARIABLE];
  if (url === undefined || url === '') return undefined;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new Failure(`${URL_VARIABLE} is no address that begins with https://`);
  }
  return { url, form, secret: env[SECRET_VARIABLE] };
}

interface Watched {
  metrics: string | undefined;
  report: string | undefined;
  /** When the last round ended, in milliseconds. */
  ended: number;
  round(): Promise<void>;
}

function watcher(terminal: Terminal, args: DriftArguments, webhook: Webhook | undefined): Watched {
  /** By cluster: the findings that have been told. */
  const told = new Map<string, readonly DriftFinding[]>();
  const help = { version: VERSION, ruleHelp };
  const watched: Watched = {
    metrics: undefined,
    report: undefined,
    ended: terminal.now().getTime(),
    round: async () => {
      try {
        await read();
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        // The configuration may be under way: the next round reads it again.
        terminal.err(`${error.message}\n`);
      }
    },
  };
  const read = async (): Promise<void> => {
    // The day goes on while a watch is up, and so do policies.
    const today = { ...terminal, today: terminal.now().toISOString().slice(0, 10), progress: () => {} };
    const config = loadConfig(today, args.config);
    const fleet = await readEach(today, args, config, watchedClusters(args, config));
    watched.metrics = harmlessOutput(await formatDrift('prometheus', fleet, help, plain));
    watched.report = harmlessOutput(await formatDrift('html', fleet, help, plain));
    watched.ended = terminal.now().getTime();
    for (const { cluster, message } of fleet.unread) terminal.err(`not read: ${cluster}: ${message}\n`);
    for (const document of fleet.documents) await tell(terminal, document, told, webhook);
  };
  return watched;
}

/** The first round is what there is; from then on a change is told, and again in the next round if nobody took it. */
async function tell(
  terminal: Terminal,
  { id, report: { policy, findings } }: DriftDocument,
  told: Map<string, readonly DriftFinding[]>,
  webhook: Webhook | undefined,
): Promise<void> {
  const before = told.get(id);
  const { added, gone } = changesSince(before ?? findings, findings);
  if (added.length + gone.length > 0) {
    terminal.err(`${id}: ${added.length} new, ${gone.length} gone\n`);
    try {
      if (webhook !== undefined) await call(webhook, { cluster: id, policy, added, gone });
    } catch (error) {
      terminal.err(`the webhook was not told: ${error instanceof Error ? error.message : String(error)}\n`);
      return;
    }
  }
  told.set(id, findings);
}
