/** `migrate repair`: our own records in the cluster, got out of any state that somebody has written there. */
import { count, wrap } from '../report/layout.ts';
import { toExtendedJson } from '../state/extended-json.ts';
import { sortedJson } from '../state/sorted-json.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { withCluster, withConfig } from './common-options.ts';
import { asked, refuseUnasked, withQuestion } from './executing.ts';
import { loadConfig } from './files.ts';
import { usingCluster } from './inputs.ts';

export const migrateRepair = defineCommand({
  command: 'repair',
  describe: 'Mend what Mongoward keeps in a cluster, after somebody else has written there',
  examples: [
    ['$0 migrate repair --cluster prod --dry-run', 'Show what is wrong with journal, record and lock'],
    ['$0 migrate repair --cluster prod', 'Show it, ask, and remove what Mongoward did not write'],
  ],
  options: (yargs) => withQuestion(withCluster(withConfig(yargs))),
  run: async (args, terminal): Promise<ExitCode> => {
    refuseUnasked({ ...args, format: 'text' }, terminal);
    const config = loadConfig(terminal, args.config);
    const { carryOutRepairs, findRepairs } = await import('../cluster/repair.ts');
    return usingCluster(terminal, args, config, {}, async (cluster, name, client): Promise<ExitCode> => {
      const { paint } = terminal;
      const repairs = await findRepairs(client, cluster);
      if (repairs.length === 0) {
        terminal.out(`${paint('bold', wrap(`Nothing to do: journal, record and lock of ${name} are in order.`, 0))}\n`);
        return 0;
      }
      for (const { finding, remedy, document } of repairs) {
        terminal.out(`${paint('yellow', '!')} ${wrap(`${finding}. It will be ${remedy}`, 2)}\n`);
        if (document !== undefined) terminal.out(`  ${sortedJson(toExtendedJson(document))}\n`);
      }
      if (args.dryRun || !(await asked({ ...args, format: 'text' }, terminal))) {
        terminal.out(`\n${paint('bold', 'Nothing was changed.')}\n`);
        return args.dryRun ? 1 : 0;
      }
      const done = await carryOutRepairs(client, cluster, repairs, args.lockTimeout * 1000);
      terminal.out(`\n${paint('bold', `Done: ${count(done, 'document')} set right.`)}\n`);
      if (done === repairs.length) return 0;
      const left = count(repairs.length - done, 'document');
      terminal.out(`${left} had changed since: run the command again to see what is wrong now.\n`);
      return 1;
    });
  },
});
