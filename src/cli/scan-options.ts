/** `drift report --scan`: what is stored in sealed fields, with a progress bar and a file to go on from. */
import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EJSON } from 'bson';
import type { MongoClient } from 'mongodb';
import type { Argv } from 'yargs';
import type { ScanPosition } from '../cluster/scan.ts';
import { demandsOf, type ScanResult, unsealedValidator } from '../drift/scan-findings.ts';
import { findKeyVault } from '../encryption/key-names.ts';
import { scanner, type Tally } from '../encryption/scan-documents.ts';
import { Failure } from '../failure.ts';
import { readText } from '../files/read-file.ts';
import { writeWhole } from '../files/write-file.ts';
import { readJson } from '../input/json.ts';
import { formatNamespace } from '../model/names.ts';
import type { Intent, IntentCollection } from '../policy/intent.ts';
import { documentKey } from '../state/document.ts';
import type { ClusterState } from '../state/state.ts';
import type { Terminal } from './terminal.ts';

export interface ScanArguments {
  readonly scan?: string | undefined;
  readonly sample?: number | undefined;
  readonly all?: boolean | undefined;
  readonly rate?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly checkpoint?: string | undefined;
}

/** `--scan` and what goes with it. */
export function withScan<T>(yargs: Argv<T>) {
  return yargs
    .option('scan', {
      type: 'string',
      requiresArg: true,
      describe: 'Look at what is stored in the sealed fields of this collection',
    })
    .option('sample', {
      type: 'number',
      requiresArg: true,
      describe: 'With --scan: so many documents at random (1000)',
    })
    .option('all', { type: 'boolean', describe: 'With --scan: every document' })
    .option('rate', { type: 'number', requiresArg: true, describe: 'With --all: documents a second at most' })
    .option('batch-size', {
      type: 'number',
      requiresArg: true,
      default: 1000,
      describe: 'With --scan: documents a batch',
    })
    .option('checkpoint', {
      type: 'string',
      requiresArg: true,
      describe: 'With --all: a file to go on from if the scan is interrupted (it holds an _id)',
    })
    .conflicts('sample', 'all')
    .conflicts('scan', 'snapshot');
}

/** The collection to scan. Throws a Failure if the policy seals nothing there, or if the numbers make no sense. */
export function collectionToScan(intent: Intent, args: ScanArguments): IntentCollection | undefined {
  for (const name of ['sample', 'rate', 'batchSize'] as const) {
    const value = args[name];
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      throw new Failure(`--${name === 'batchSize' ? 'batch-size' : name} is a whole number greater than 0`);
    }
  }
  if (args.scan === undefined) {
    const stray = (['sample', 'all', 'rate', 'checkpoint'] as const).find((name) => args[name] !== undefined);
    if (stray !== undefined) throw new Failure(`--${stray} goes with --scan`, { advice: 'add --scan db.collection' });
    return undefined;
  }
  const idle =
    args.all === true ? undefined : (['rate', 'checkpoint'] as const).find((name) => args[name] !== undefined);
  if (idle !== undefined) {
    throw new Failure(`--${idle} goes with --all`, {
      advice: 'a sample is read in one go: add --all, or leave it out',
    });
  }
  const sealing = intent.collections.filter(({ encryption }) => Object.keys(encryption?.fields ?? {}).length > 0);
  const found = sealing.find(({ ns }) => formatNamespace(ns) === args.scan);
  if (found !== undefined) return found;
  const known = sealing.map(({ ns }) => formatNamespace(ns)).sort();
  throw new Failure(`the policy "${intent.policy}" seals no fields of ${args.scan}`, {
    advice: known.length === 0 ? 'it seals none at all' : `it seals fields of ${known.join(', ')}`,
  });
}

/** Scans, showing how far it is on a terminal. With a checkpoint it goes on where an earlier run stopped. */
export async function scanSealed(
  terminal: Terminal,
  client: MongoClient,
  entry: IntentCollection,
  actual: ClusterState,
  args: ScanArguments,
): Promise<ScanResult> {
  const { scanCollection } = await import('../cluster/scan.ts');
  const ns = formatNamespace(entry.ns);
  const demands = demandsOf(entry, actual);
  const vault = findKeyVault(actual, entry.encryption?.keyVault ?? '');
  const knownKeys = vault && new Set(vault.keys.flatMap(({ _id }) => _id ?? []));
  const validator = unsealedValidator(entry);
  const checkpoint =
    args.all === true && args.checkpoint !== undefined
      ? checkpointFile(resolve(terminal.cwd, args.checkpoint), args.checkpoint, documentKey({ ns, demands, validator }))
      : undefined;
  const resume = checkpoint?.read();
  const scan = scanner(demands, knownKeys, resume?.tally);
  const total = args.all === true ? await estimate(client, entry) : undefined;
  const refused = await scanCollection(client, scan, {
    ns: entry.ns,
    paths: demands.map(({ field }) => field.path),
    validator,
    batchSize: args.batchSize ?? 1000,
    ...(args.all === true ? {} : { sample: args.sample ?? 1000 }),
    ...(args.rate === undefined ? {} : { rate: args.rate }),
    ...(resume === undefined ? {} : { resume }),
    progress: (position) => {
      checkpoint?.write(position);
      terminal.progress(bar(ns, position.tally, total));
    },
  });
  terminal.progress('');
  checkpoint?.remove();
  return { ns, mode: args.all === true ? 'all' : 'sample', refused, ...scan.tally() };
}

async function estimate(client: MongoClient, { ns }: IntentCollection): Promise<number | undefined> {
  // Only for the progress bar: an account that may not count still may scan.
  return client
    .db(ns.db)
    .collection(ns.collection)
    .estimatedDocumentCount()
    .catch(() => undefined);
}

const WIDTH = 24;

function bar(ns: string, { documents }: Tally, total: number | undefined): string {
  if (total === undefined || total === 0) return `Scanning ${ns}: ${documents}`;
  const share = Math.min(1, documents / total);
  const full = Math.round(share * WIDTH);
  return `Scanning ${ns} [${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${Math.floor(share * 100)} % (${documents})`;
}

/** `subject`: what was scanned for; a file about something else is refused. */
function checkpointFile(path: string, shown: string, subject: string) {
  return {
    read: (): ScanPosition | undefined => {
      if (!existsSync(dirname(path))) {
        throw new Failure(`can't write ${shown}: there is no folder for it`, {
          advice: 'make it, or name another file',
        });
      }
      if (!existsSync(path)) return undefined;
      const { read } = readJson(readText(path, shown));
      const { mongowardScan, sum, ...position } = Object(read?.data);
      if (mongowardScan === subject && sum === sumOf(position)) {
        const { last, tally, refused } = position;
        return { last: EJSON.parse(last, { relaxed: false }), tally, refused };
      }
      throw new Failure(`${shown} is not the checkpoint of this scan`, {
        advice:
          'it belongs to another collection, field map, schema or key, or is no checkpoint: remove it, or name another file',
      });
    },
    write: ({ last, tally, refused }: ScanPosition): void => {
      // The _id with its exact type, or the scan would go on from another one.
      const position = { last: EJSON.stringify(last, { relaxed: false }), tally, refused };
      const text = JSON.stringify({ mongowardScan: subject, ...position, sum: sumOf(position) });
      // Whole or not at all: a run may be killed at any moment.
      writeWhole(path, shown, `${text}\n`, { modeOfNew: 0o600, links: 'replaced' });
    },
    remove: (): void => rmSync(path, { force: true }),
  };
}

/** Counts that were changed by hand would go on as if they had been found. */
function sumOf(position: object): string {
  return createHash('sha256').update(JSON.stringify(position)).digest('hex');
}
