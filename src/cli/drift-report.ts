/** `drift report`: for CI. */
import { driftReport as reportDrift } from '../drift/report.ts';
import { driftText } from '../report/drift-text.ts';
import { driftJson, jsonText } from '../report/json.ts';
import { stateTitle } from '../report/state-title.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { loadConfig } from './files.ts';
import { loadActual, loadIntent, readingFor, withActual, withFormat, withPolicy } from './inputs.ts';

const LEVELS = ['error', 'warning', 'info'] as const;

export const driftReport = defineCommand({
  command: 'report',
  describe: 'Say in what a cluster is not as its policy wants it',
  examples: [
    ['$0 drift report --cluster prod', 'Exit with 1 if anything drifted'],
    ['$0 drift report --snapshot prod.json --format json', 'The same of a snapshot, for programs'],
  ],
  options: (yargs) =>
    withFormat(withActual(withPolicy(yargs)), ['text', 'json']).option('fail-on', {
      choices: LEVELS,
      default: 'error' as (typeof LEVELS)[number],
      describe: 'The mildest finding that makes the exit code 1',
    }),
  run: async (args, terminal): Promise<ExitCode> => {
    const config = loadConfig(terminal, args.config);
    const intent = loadIntent(terminal, args, config);
    const { state, name } = await loadActual(terminal, args, config, readingFor(intent));
    const report = reportDrift(intent, state, terminal.today);
    terminal.out(
      args.format === 'json'
        ? jsonText(driftJson(report))
        : `${stateTitle('Drift', name, state, terminal.paint)}\n\n${driftText(report, terminal.paint)}\n`,
    );
    if (report.unreadable.length > 0) return 2;
    const counted = LEVELS.slice(0, LEVELS.indexOf(args.failOn) + 1);
    return report.findings.some(({ severity }) => counted.includes(severity)) ? 1 : 0;
  },
});
