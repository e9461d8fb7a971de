/** `policy init`: a policy from a template, from what a cluster has, or from what the CRUD Service seals. */
import { type AdoptOptions, adopt } from '../adopt/adopt.ts';
import { Failure } from '../failure.ts';
import { count, wrap } from '../report/layout.ts';
import type { ClusterState } from '../state/state.ts';
import { defineCommand } from './command.ts';
import { withConfig, withTimes } from './common-options.ts';
import { initFromDefinitions, withDeployment } from './crud-service-files.ts';
import { loadConfig } from './files.ts';
import { loadActual } from './inputs.ts';
import { policyIn, writePolicyFiles } from './policy-folder.ts';
import { TEMPLATES, withTemplate, writeTemplate } from './template-files.ts';
import type { Terminal } from './terminal.ts';

export const policyInit = defineCommand({
  command: 'init',
  describe: 'Write a policy: from a cluster, a template, or the CRUD Service',
  examples: [
    ['$0 policy init --from-cluster prod -o policies', 'The roles and users of a cluster, without secrets'],
    ['$0 policy init --snapshot prod.json --ignore "test-*"', 'From a snapshot, without some accounts'],
    ['$0 policy init --template audit-trail --writer app@admin', 'An audit trail'],
    ['$0 policy init --template backup --cluster prod', 'An account for backups, fitted to what the cluster has'],
    [
      '$0 policy init --from-crud-service collections --environment prod.env',
      'What the CRUD Service seals, as field maps',
    ],
  ],
  options: (yargs) =>
    withTemplate(withTimes(withDeployment(withConfig(yargs))))
      .option('from-cluster', { type: 'string', requiresArg: true, describe: 'Cluster: its name, or a URI' })
      .option('snapshot', { type: 'string', requiresArg: true, describe: 'Snapshot file instead of a cluster' })
      .option('cluster', {
        type: 'string',
        requiresArg: true,
        describe: 'With --template: where accounts and collections may be already',
      })
      .option('from-crud-service', {
        type: 'string',
        requiresArg: true,
        describe: "Folder of the CRUD Service's collection definitions",
      })
      .option('output', { type: 'string', alias: 'o', requiresArg: true, default: 'policies', describe: 'Folder' })
      .option('name', {
        type: 'string',
        requiresArg: true,
        describe: "The policy's name (that of the policy in the folder; else adopted, crud-service, or the template's)",
      })
      .option('only', { type: 'string', array: true, requiresArg: true, describe: 'Only these, by pattern of name@db' })
      .option('ignore', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'Not these, by pattern of name@db',
      })
      .option('force', { type: 'boolean', default: false, describe: 'Overwrite files that are there' })
      .conflicts('from-cluster', ['snapshot', 'template', 'from-crud-service'])
      .conflicts('snapshot', ['cluster', 'from-crud-service'])
      .conflicts('template', 'from-crud-service'),
  run: async (args, terminal) => {
    const { fromCluster, fromCrudService, snapshot, template, output, force } = args;
    const own = template ?? (fromCrudService === undefined ? 'adopted' : 'crud-service');
    const name = args.name ?? policyIn(terminal, output) ?? own;
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) {
      throw new Failure(`"${name}" can't be the name of a policy`, {
        advice: 'use letters, digits, dots, dashes and underscores, at most 63',
      });
    }
    if (template !== undefined) {
      const looked = args.cluster !== undefined || snapshot !== undefined;
      const state = looked ? (await loadActual(terminal, args, loadConfig(terminal, args.config))).state : undefined;
      writeTemplate(terminal, template, name, args, state);
      if (name !== template) terminal.out(`It is a part of the policy "${name}".\n`);
      return 0;
    }
    if (fromCluster === undefined && snapshot === undefined && fromCrudService === undefined) {
      throw new Failure('nothing to write a policy from', {
        advice: `add --from-cluster, --snapshot FILE, or --template ${TEMPLATES.join('|')}, or --from-crud-service`,
      });
    }
    if (fromCrudService !== undefined) {
      const { policy, report } = initFromDefinitions(terminal, fromCrudService, name, args);
      writePolicyFiles(terminal, output, new Map([['crud-service.yaml', policy]]), force);
      terminal.out(report);
      return 0;
    }
    const config = loadConfig(terminal, args.config);
    const { state, name: from } = await loadActual(terminal, { ...args, cluster: fromCluster }, config);
    adoptCluster(terminal, state, from, { name, only: args.only ?? [], ignore: args.ignore ?? [], output, force });
    return 0;
  },
});

/** Writes what a cluster has as a policy. Throws a Failure if its roles and users are not all known. */
export function adoptCluster(
  terminal: Terminal,
  state: ClusterState,
  from: string,
  { output, force, ...options }: AdoptOptions & { readonly output: string; readonly force: boolean },
): void {
  if (state.roles === undefined || state.users === undefined) {
    const missing = state.unreadable.filter(({ what }) => what === 'roles' || what === 'users');
    throw new Failure(`the roles and users of ${from} are not all known`, {
      details: missing.map(({ what, why }) => `${what}: ${why}`),
      advice: 'nothing was written; connect as an account that can see all roles and users',
    });
  }
  const adopted = adopt(state, options);
  writePolicyFiles(terminal, output, adopted.files, force);
  for (const { what, why } of adopted.leftOut)
    terminal.out(`${wrap(`left out: ${what}: ${why}`, 2, terminal.paint.width)}\n`);
  const closing = `${count(adopted.roles, 'role')} and ${count(adopted.users, 'user')} of ${from}.`;
  terminal.out(`${terminal.paint('bold', wrap(closing, 0, terminal.paint.width))}\n`);
}
