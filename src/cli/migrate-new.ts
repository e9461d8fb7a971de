/** `migrate new`: the plan as a file, to be reviewed and applied later. */
import { Failure } from '../failure.ts';
import { MAX_FILE_BYTES } from '../files/read-file.ts';
import { refuseObstacles } from '../migrate/apply.ts';
import { refuseMade } from '../migrate/demands.ts';
import { headOfFile } from '../migrate/directory.ts';
import { formatMigrationName, nextVersion, slugOf } from '../migrate/file-names.ts';
import { type Migration, migrationOf } from '../migrate/migration.ts';
import { policyHash } from '../migrate/policy-hash.ts';
import { printMigration } from '../migrate/print-migration.ts';
import { refuseSecrets } from '../migrate/refuse-secrets.ts';
import { stateDigests, stateHash } from '../migrate/state-digests.ts';
import { formatSum, hashOf, SUM_FILE } from '../migrate/sum.ts';
import { wrap } from '../report/layout.ts';
import { leftOpenText } from '../report/left-open.ts';
import { planText } from '../report/plan-text.ts';
import { stateTitle } from '../report/state-title.ts';
import { defineCommand } from './command.ts';
import { withFull } from './common-options.ts';
import { refuseRejected } from './executing.ts';
import { clusterOption } from './inputs.ts';
import { writeFolder } from './migrations-folder.ts';
import { planCommand, planOnPending, withPlanning } from './planning.ts';

export const migrateNew = defineCommand({
  command: 'new <words>',
  describe: 'Write the plan down as a migration file, on top of those that are pending',
  examples: [
    ['$0 migrate new audit-trail --cluster prod', 'Plan against a cluster of the configuration'],
    ['$0 migrate new audit-trail --snapshot prod.json', 'Plan against a snapshot of it'],
  ],
  options: (yargs) =>
    withFull(withPlanning(yargs)).positional('words', {
      type: 'string',
      demandOption: true,
      describe: 'What it is about, for the name of the file',
    }),
  run: async (args, terminal) => {
    const { paint } = terminal;
    const slug = slugOf(args.words);
    if (slug === '') {
      throw new Failure('the words for the name of the file hold no letter or digit', {
        advice: 'say what the migration is about: mongoward migrate new audit-trail',
      });
    }
    const planning = await planOnPending(terminal, args, true);
    const { config, policy, intent, plan, folder, files, pending, violations, open, state, name } = planning;
    refuseRejected(policy, terminal, args, config);
    refuseObstacles(plan);
    refuseMade(violations, 'no file was written; mend what is named above and plan again');
    if (plan.operations.length === 0) {
      const left = leftOpenText(plan, planCommand(args.cluster, config));
      const pended = pending.length > 0 ? 'with what is pending, ' : '';
      const is = `${name} ${pending.length > 0 ? 'will be' : 'is'} as the policy "${intent.policy}" says. No file was written.`;
      const sentence = `Nothing to do: ${pended}${left === undefined ? is : `the policy "${intent.policy}" changes nothing on ${name}. No file was written. ${left}`}`;
      terminal.out(`${paint('bold', wrap(sentence, 0, paint.width))}\n`);
      return 0;
    }
    refuseSecrets(plan.operations);
    const last = files.at(-1);
    const migration = migrationOf(plan, {
      version: nextVersion(terminal.now(), last && headOfFile(last).version),
      slug,
      policyHash: policyHash(intent),
      server: state.server.version,
      cluster: name,
      state: stateHash(stateDigests(intent, state)),
    });
    const file = formatMigrationName(migration);
    const text = textOf(migration, file);
    writeFolder(folder, new Map([[file, text]]), formatSum([...files, { name: file, hash: hashOf(text) }]));
    const title = stateTitle(`Migration for policy "${intent.policy}"`, name, state, paint);
    terminal.out(`${title}\n\n${planText(plan, paint, { pending, open, full: args.full })}\n\n`);
    terminal.out(`${paint('green', `Written: ${folder.shown}/${file}\n         ${folder.shown}/${SUM_FILE}`)}\n`);
    // A connection string may hold a password: only a name of the configuration is shown.
    const named = clusterOption(args.cluster, config, '');
    terminal.out(`${wrap(`Review and commit both, then: mongoward migrate apply${named}`, 0, terminal.paint.width)}\n`);
    return 0;
  },
});

function textOf(migration: Migration, file: string): string {
  const text = printMigration(migration);
  if (Buffer.byteLength(text) <= MAX_FILE_BYTES) return text;
  throw new Failure(`${file} would be larger than any migration that can be read again (16 MB)`, {
    advice: 'no file was written; plan fewer changes at a time',
  });
}
