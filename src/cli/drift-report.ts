/** `drift report`: for CI. */
import { driftReport as reportDrift } from '../drift/report.ts';
import { Failure } from '../failure.ts';
import { driftText } from '../report/drift-text.ts';
import { driftFindings } from '../report/findings.ts';
import { driftJson } from '../report/json.ts';
import { jsonText } from '../report/json-text.ts';
import { count } from '../report/layout.ts';
import { stateTitle } from '../report/state-title.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { reportEvidence, withTimestamp } from './evidence.ts';
import { loadConfig } from './files.ts';
import { loadActual, loadPolicy, readingFor, usingCluster, withActual, withFormat, withPolicy } from './inputs.ts';
import { printReport, REPORT_FORMATS } from './rendered.ts';
import { collectionToScan, scanSealed, withScan } from './scan-options.ts';

const LEVELS = ['error', 'warning', 'info'] as const;

export const driftReport = defineCommand({
  command: 'report',
  describe: 'Say in what a cluster is not as its policy wants it',
  examples: [
    ['$0 drift report --cluster prod', 'Exit with 1 if anything drifted'],
    ['$0 drift report --snapshot prod.json --format json', 'The same of a snapshot, for programs'],
    ['$0 drift report --cluster prod --scan audit.logs --all', 'And look for plaintext in sealed fields'],
  ],
  options: (yargs) =>
    withTimestamp(withFormat(withScan(withActual(withPolicy(yargs))), REPORT_FORMATS)).option('fail-on', {
      choices: LEVELS,
      requiresArg: true,
      default: 'error' as (typeof LEVELS)[number],
      describe: 'The mildest finding that makes the exit code 1',
    }),
  run: async (args, terminal): Promise<ExitCode> => {
    const config = loadConfig(terminal, args.config);
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
    const report = reportDrift(intent, state, { today: terminal.today, scan, policies });
    const evidence = reportEvidence(terminal, args, {
      policies,
      sources: [{ kind, name, state }],
      unseen: report.unreadable,
    });
    await printReport(terminal, args.format, {
      evidence,
      text: () =>
        `${stateTitle('Drift', name, state, terminal.paint)}\n\n${driftText(report, evidence, terminal.paint)}\n`,
      json: () => jsonText(driftJson(report, evidence)),
      findings: (facts) => driftFindings(report, name, intent.files, facts),
    });
    if (report.unreadable.length > 0) {
      throw new Failure(`${count(report.unreadable.length, 'part')} of the cluster could not be seen`, {
        advice: 'the report names each; mongoward cluster doctor tells what the account lacks',
      });
    }
    const counted = LEVELS.slice(0, LEVELS.indexOf(args.failOn) + 1);
    return report.findings.some(({ severity }) => counted.includes(severity)) ? 1 : 0;
  },
});
