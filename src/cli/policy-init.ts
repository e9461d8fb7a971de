/** `policy init`: a policy from a template, or from what a cluster has. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { adopt } from '../adopt/adopt.ts';
import { scalar } from '../adopt/write.ts';
import { Failure } from '../failure.ts';
import { policyNameOf } from '../policy/compile.ts';
import { count, wrap } from '../report/layout.ts';
import { defineCommand } from './command.ts';
import { loadConfig, parseNeighbours, policyFilesIn } from './files.ts';
import { loadActual, withConfig } from './inputs.ts';
import type { Terminal } from './terminal.ts';

const TEMPLATES = ['audit-trail', 'mongoward-watch', 'mongoward-apply'] as const;

export const policyInit = defineCommand({
  command: 'init',
  describe: 'Write a policy: from what a cluster has, or from a template',
  examples: [
    ['$0 policy init --from-cluster prod -o policies', 'What is there, as policy files, names kept, secrets none'],
    ['$0 policy init --snapshot prod.json --ignore "test-*"', 'From a snapshot, without some accounts'],
    ['$0 policy init --template audit-trail', 'The audit trail that is shipped'],
  ],
  options: (yargs) =>
    withConfig(yargs)
      .option('from-cluster', { type: 'string', requiresArg: true, describe: 'Cluster: its name, or a URI' })
      .option('snapshot', { type: 'string', requiresArg: true, describe: 'Snapshot file instead of a cluster' })
      .option('template', { choices: TEMPLATES, requiresArg: true, describe: 'A policy that is shipped' })
      .option('output', { type: 'string', alias: 'o', requiresArg: true, default: 'policies', describe: 'Folder' })
      .option('name', {
        type: 'string',
        requiresArg: true,
        describe: "The policy's name (that of the policy in the folder; else adopted, or the template's)",
      })
      .option('only', { type: 'string', array: true, requiresArg: true, describe: 'Only these, by pattern of name@db' })
      .option('ignore', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'Not these, by pattern of name@db',
      })
      .option('timeout', { type: 'number', requiresArg: true, default: 10, describe: 'Seconds to look for a server' })
      .option('force', { type: 'boolean', default: false, describe: 'Overwrite files that are there' })
      .conflicts('from-cluster', ['snapshot', 'template'])
      .conflicts('snapshot', 'template'),
  run: async (args, terminal) => {
    const { fromCluster, snapshot, template, output, force } = args;
    const joined = args.name ?? policyIn(terminal, output);
    const name = joined ?? template ?? 'adopted';
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) {
      throw new Failure(`"${name}" can't be the name of a policy`, {
        advice: 'use letters, digits, dots, dashes and underscores, at most 63',
      });
    }
    if (template !== undefined) {
      const file = `${template}.yaml`;
      const text = readFileSync(new URL(`../../policies/${file}`, import.meta.url), 'utf8');
      writeFiles(terminal, output, new Map([[file, text.replace(NAME_LINE, `  name: ${scalar(name)}`)]]), force);
      if (name !== template) terminal.out(`It is a part of the policy "${name}".\n`);
      return 0;
    }
    if (fromCluster === undefined && snapshot === undefined) {
      throw new Failure('nothing to write a policy from', {
        advice: `add --from-cluster, --snapshot FILE, or --template ${TEMPLATES.join('|')}`,
      });
    }
    const config = loadConfig(terminal, args.config);
    const { state, name: from } = await loadActual(terminal, { ...args, cluster: fromCluster }, config);
    const missing = state.unreadable.filter(({ what }) => what === 'roles' || what === 'users');
    if (state.roles === undefined || state.users === undefined) {
      throw new Failure(`the roles and users of ${from} are not all known`, {
        details: missing.map(({ what, why }) => `${what}: ${why}`),
        advice: 'unknown is not none: nothing was written',
      });
    }
    const adopted = adopt(state, { name, only: args.only ?? [], ignore: args.ignore ?? [] });
    writeFiles(terminal, output, adopted.files, force);
    for (const { what, why } of adopted.leftOut) terminal.out(`${wrap(`left out: ${what}: ${why}`, 2)}\n`);
    const verdict = `${count(adopted.roles, 'role')} and ${count(adopted.users, 'user')} of ${from}.`;
    terminal.out(`${terminal.paint('bold', wrap(verdict, 0))}\n`);
    return 0;
  },
});

/** Of a shipped policy. */
const NAME_LINE = /^ {2}name: .*$/m;

/** The one policy that is in the folder: what is written beside it becomes a part of it, or nothing could plan them both. */
function policyIn(terminal: Terminal, folder: string): string | undefined {
  const names = new Set(parseNeighbours(terminal, policyFilesIn(terminal, folder)).map(policyNameOf));
  const [only] = names;
  return names.size === 1 ? only : undefined;
}

/** All or none: nothing that is there is overwritten without being told. */
function writeFiles(terminal: Terminal, folder: string, files: ReadonlyMap<string, string>, force: boolean): void {
  const paths = [...files].map(([file, text]) => ({ shown: join(folder, file), text }));
  const there = force ? [] : paths.filter(({ shown }) => existsSync(resolve(terminal.cwd, shown)));
  if (there.length > 0) {
    throw new Failure(
      `${there.map(({ shown }) => shown).join(', ')} ${there.length === 1 ? 'is' : 'are'} there already`,
      {
        advice: 'name another folder by -o, or add --force to overwrite; nothing was written',
      },
    );
  }
  try {
    mkdirSync(resolve(terminal.cwd, folder), { recursive: true });
    for (const { shown, text } of paths) {
      writeFileSync(resolve(terminal.cwd, shown), text);
      terminal.out(`wrote ${shown}\n`);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`can't write into ${folder}: ${reason}`, { cause: error });
  }
}
