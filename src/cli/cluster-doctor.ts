/** `cluster doctor`: what a cluster is, and what the account may do with this program. */
import { examine } from '../doctor/doctor.ts';
import { doctorJson, doctorText } from '../report/doctor-text.ts';
import { jsonText } from '../report/json-text.ts';
import { defineCommand } from './command.ts';
import { loadConfig } from './files.ts';
import { usingClient, withCluster, withConfig, withFormat } from './inputs.ts';

export const clusterDoctor = defineCommand({
  command: 'doctor',
  describe: 'Say whether a cluster can be reached, as whom, and what that account lacks',
  examples: [['$0 cluster doctor --cluster prod', 'Exit with 1 if something has to be done']],
  options: (yargs) => withFormat(withCluster(withConfig(yargs)), ['text', 'json']),
  run: async (args, terminal) => {
    const { readServer } = await import('../cluster/read.ts');
    const { readSettings } = await import('../cluster/settings.ts');
    const { readIdentity } = await import('../cluster/identity.ts');
    return usingClient(terminal, args, loadConfig(terminal, args.config), async (client, uri, name) => {
      const [server, { settings, unreadable }, identity] = await Promise.all([
        readServer(client),
        readSettings(client, uri),
        readIdentity(client),
      ]);
      const report = examine({ server, settings, unreadable, ...identity });
      terminal.out(
        args.format === 'json' ? jsonText(doctorJson(report)) : `${doctorText(report, name, terminal.paint)}\n`,
      );
      return report.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
    });
  },
});
