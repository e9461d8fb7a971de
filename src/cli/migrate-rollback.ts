/** `migrate rollback`: takes applied migrations back, the last one first. */
import { Failure } from '../failure.ts';
import { rollBackMigrations } from '../migrate/apply-files.ts';
import { formatUser } from '../model/names.ts';
import type { SecretReference } from '../policy/intent.ts';
import { defineCommand } from './command.ts';
import { refuseUnasked, withExecution } from './executing.ts';
import { loadConfig } from './files.ts';
import { loadMigrations, withDir } from './migrations-folder.ts';
import { runSteps } from './steps.ts';

export const migrateRollback = defineCommand({
  command: 'rollback',
  describe: 'Take the last migration back, or all that are later than a version',
  examples: [
    ['$0 migrate rollback --cluster prod --dry-run', 'Show what taking the last migration back would do'],
    ['$0 migrate rollback --cluster prod --to 20261101120000', 'Take back what is later than that'],
  ],
  options: (yargs) =>
    withDir(withExecution(yargs))
      .option('to', { type: 'string', requiresArg: true, describe: 'The last version that stays' })
      .option('allow-unprotect', {
        type: 'boolean',
        default: false,
        describe: 'Allow what opens something that the policy protects',
      })
      .option('password', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'Password of a user to make again: name@db=VARIABLE',
      }),
  run: async (args, terminal) => {
    refuseUnasked(args, terminal);
    const config = loadConfig(terminal, args.config);
    const files = loadMigrations(terminal, args, config);
    const passwords = new Map((args.password ?? []).map(passwordOf));
    return runSteps(terminal, args, config, files, {
      title: 'Rolling back',
      nothing: (name) => `Nothing to do: no migration that is applied on ${name} has to be taken back.`,
      outcome: 'rolled-back',
      carryOut: (cluster, options) =>
        rollBackMigrations(cluster, files, {
          ...options,
          allowReplace: true,
          allowUnprotect: args.allowUnprotect,
          password: (user) => passwords.get(formatUser(user)),
        }),
    });
  },
});

/** A secret is named by the variable that holds it, never given. */
function passwordOf(text: string): [string, SecretReference] {
  const at = text.lastIndexOf('=');
  if (at < 1 || !/^[A-Za-z_]\w*$/.test(text.slice(at + 1))) {
    // What stands there may be a password.
    throw new Failure('--password names a user and an environment variable: name@db=VARIABLE');
  }
  return [text.slice(0, at), { fromEnv: text.slice(at + 1) }];
}
