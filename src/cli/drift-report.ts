/** `drift report`: for CI, auditors and people at a screen. */
import { Failure } from '../failure.ts';
import { CHECKLIST_FORMATS, formatChecklist } from '../report/drift/checklist-formats.ts';
import type { DriftFleet } from '../report/drift/fleet.ts';
import { DRIFT_FORMATS, formatDrift } from '../report/drift/formats.ts';
import { count } from '../report/layout.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { withActual, withFormat, withPolicy } from './common-options.ts';
import { readClusters } from './drift-clusters.ts';
import { readOutputs, writeOutputs } from './drift-outputs.ts';
import { withTimestamp } from './evidence.ts';
import { loadConfig } from './files.ts';
import { withDir } from './migrations-folder.ts';
import { withScan } from './scan-options.ts';

const LEVELS = ['error', 'warning', 'info'] as const;

type Level = (typeof LEVELS)[number];

export const driftReport = defineCommand({
  command: 'report',
  describe: 'Report where a cluster differs from its policy',
  examples: [
    ['$0 drift report --cluster prod', 'Exit with 1 if anything drifted'],
    ['$0 drift report --snapshot prod.json --format json', 'The same of a snapshot, for programs'],
    ['$0 drift report --cluster prod -o html=drift.html', 'And a page to look at'],
    ['$0 drift report --all-clusters', 'Every cluster of the configuration'],
    ['$0 drift report --cluster prod --scan audit.logs --all', 'And look for plaintext in sealed fields'],
  ],
  options: (yargs) =>
    withTimestamp(withDir(withFormat(withScan(withActual(withPolicy(yargs))), DRIFT_FORMATS)))
      .option('output', {
        type: 'string',
        alias: 'o',
        array: true,
        requiresArg: true,
        describe: 'Also write a form to a file: format=file',
      })
      .option('all-clusters', { type: 'boolean', describe: 'Every cluster of the configuration' })
      .option('since', {
        type: 'string',
        requiresArg: true,
        describe: 'Say what is new and what is gone since this report (JSON)',
      })
      .option('baseline', {
        type: 'string',
        requiresArg: true,
        describe: 'Leave out what this report (JSON), which was accepted, has already',
      })
      .option('checklist', { type: 'boolean', describe: "Show the audit-trail guide's checklist alone" })
      .option('fail-on', {
        choices: LEVELS,
        requiresArg: true,
        default: 'error' as Level,
        describe: 'The mildest finding that makes the exit code 1',
      })
      .conflicts('all-clusters', ['cluster', 'snapshot']),
  run: async (args, terminal): Promise<ExitCode> => {
    const outputs = readOutputs(args.output ?? [], terminal.cwd);
    if (args.checklist === true) refuseOtherForms([args.format, ...outputs.map(({ format }) => format)]);
    const fleet = await readClusters(terminal, args, loadConfig(terminal, args.config));
    await writeOutputs(terminal, fleet, args.format, outputs, args.checklist === true ? formatChecklist : formatDrift);
    return outcomeOf(fleet, args);
  },
});

function refuseOtherForms(formats: readonly string[]): void {
  const other = formats.find((format) => !CHECKLIST_FORMATS.includes(format));
  if (other === undefined) return;
  throw new Failure(`--checklist has no form ${other}`, { advice: `it has ${CHECKLIST_FORMATS.join(', ')}` });
}

/** Throws a Failure where something could not be seen: then no finding proves nothing. */
function outcomeOf(
  { documents, unread }: DriftFleet,
  { failOn, snapshot }: { readonly failOn: Level; readonly snapshot?: string | undefined },
): ExitCode {
  if (unread.length > 0) {
    throw new Failure(`${count(unread.length, 'cluster')} could not be read`, {
      advice: 'the report names each, and why',
    });
  }
  const unseen = documents.reduce((sum, { report }) => sum + report.unreadable.length, 0);
  if (unseen > 0) {
    const whose = documents.length === 1 ? 'the cluster' : 'the clusters';
    throw new Failure(`${count(unseen, 'part')} of ${whose} could not be seen`, {
      advice:
        snapshot === undefined
          ? 'the report names each; mongoward cluster doctor tells what the account lacks'
          : 'the report names each, and why',
    });
  }
  const counted: readonly string[] = LEVELS.slice(0, LEVELS.indexOf(failOn) + 1);
  return documents.some(({ report }) => report.findings.some(({ severity }) => counted.includes(severity))) ? 1 : 0;
}
