/** `policy export`: roles and users of a policy in the form of another tool. */
import { exportPolicy, TARGETS } from '../adopt/export/export.ts';
import { Failure } from '../failure.ts';
import { defineCommand } from './command.ts';
import { withConfig } from './common-options.ts';
import { loadConfig } from './files.ts';
import { loadIntent } from './inputs.ts';

export const policyExport = defineCommand({
  command: 'export [paths..]',
  describe: 'Write the roles and users of a policy in the form of another tool',
  examples: [
    ['$0 policy export --to mongosh > init.js', 'A script that asks for passwords'],
    ['$0 policy export --to terraform policies/ > users.tf', 'For the provider Kaginari/mongodb'],
    ['$0 policy export --to terraform-atlas policies/ > users.tf', 'For the provider mongodb/mongodbatlas'],
  ],
  options: (yargs) =>
    withConfig(yargs)
      .positional('paths', { type: 'string', array: true, describe: 'Policy files and folders' })
      .option('to', { choices: TARGETS, demandOption: true, requiresArg: true, describe: 'For which tool' }),
  run: async (args, terminal) => {
    const { paths } = args;
    const policy = paths === undefined || paths.length === 0 ? {} : { policy: paths };
    const intent = loadIntent(terminal, { ...args, ...policy }, loadConfig(terminal, args.config));
    const roles = intent.roles.map(({ role }) => role);
    const users = intent.users.map(({ user }) => user);
    if (roles.length + users.length === 0)
      throw new Failure(`the policy "${intent.policy}" has neither roles nor users`);
    const { text, lost } = exportPolicy(args.to, roles, users);
    terminal.out(text);
    const others = ['collections', 'restrictions', 'breakGlass'] as const;
    const said = others.filter((section) => intent[section].length > 0);
    if (said.length > 0) {
      const message = `note: not written, because another tool has no words for it: ${said.join(', ')}`;
      terminal.err(`${message}\n`);
    }
    for (const { what, why } of lost) terminal.err(`left out: ${what}: ${why}\n`);
    return lost.length > 0 ? 1 : 0;
  },
});
