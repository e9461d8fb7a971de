/** `init`: a project from nothing to its first policy. What is not said is asked, where there is somebody to ask. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type FirstFiles, firstFiles } from '../adopt/first-files.ts';
import { Failure } from '../failure.ts';
import { wrap } from '../report/layout.ts';
import { defineCommand } from './command.ts';
import { withTimes } from './common-options.ts';
import { CONFIG_FILE } from './files.ts';
import { loadActual } from './inputs.ts';
import { writeNewFiles } from './new-files.ts';
import { adoptCluster } from './policy-init.ts';
import { TEMPLATES, type Template, withTemplate, writeTemplate } from './template-files.ts';
import type { Terminal } from './terminal.ts';

const FROM = ['cluster', 'template', 'nothing'] as const;
const CI = ['github', 'gitlab', 'none'] as const;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

export const init = defineCommand({
  command: 'init',
  describe: 'Write a configuration, a first policy, a hook and a CI job',
  examples: [
    ['$0 init', 'Ask for what is needed'],
    ['$0 init --name prod --uri-env MONGODB_URI --from cluster --hook', 'Without asking'],
    ['$0 init --from template --template audit-trail --writer app@admin', 'From a template'],
  ],
  options: (yargs) =>
    withTemplate(withTimes(yargs))
      .option('name', { type: 'string', requiresArg: true, describe: 'How the cluster is called here (prod)' })
      .option('uri-env', {
        type: 'string',
        requiresArg: true,
        describe: 'Environment variable with its connection string (MONGODB_URI)',
      })
      .option('uri-file', { type: 'string', requiresArg: true, describe: 'File with it, instead' })
      .option('from', { choices: FROM, requiresArg: true, describe: 'What the first policy is made from' })
      .option('policies', { type: 'string', requiresArg: true, default: 'policies', describe: 'Folder of policies' })
      .option('hook', { type: 'boolean', describe: 'A hook for pre-commit' })
      .option('ci', { choices: CI, requiresArg: true, describe: 'A job that lints' })
      .option('var', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'Value for a gap of a template: name=value',
      })
      .conflicts('uri-env', 'uri-file'),
  run: async (args, terminal) => {
    const there = existsSync(resolve(terminal.cwd, CONFIG_FILE));
    if (there) {
      throw new Failure(`${CONFIG_FILE} exists already`, {
        advice: 'add policies with mongoward policy init; nothing was written',
      });
    }
    const ask = asking(terminal);
    const cluster = args.name ?? (await ask('How is the cluster called here?', 'prod'));
    const uri = await uriSource(args, ask);
    const isSet = 'fromFile' in uri || (terminal.env[uri.fromEnv] ?? '') !== '';
    const from = await origin(args, ask, isSet ? 'cluster' : 'template');
    const template = from === 'template' ? await templateOf(args, ask) : undefined;
    const { hook, ci } = await habits(args, ask, terminal);
    const first: FirstFiles = { cluster, uri, policies: args.policies, hook, ci };
    const target = { ...args, output: args.policies, force: false };
    // The cluster is asked before anything is written: who has to begin again finds nothing in the way.
    const config = { data: { clusters: { [cluster]: { uri } } }, folder: terminal.cwd };
    const actual = from === 'cluster' ? await loadActual(terminal, { timeout: args.timeout }, config) : undefined;
    writeNewFiles(terminal, '.', firstFiles(first), false);
    if (template !== undefined) writeTemplate(terminal, template, template, target, undefined);
    if (actual !== undefined) {
      const options = { name: 'adopted', only: [], ignore: [], output: args.policies, force: false };
      adoptCluster(terminal, actual.state, actual.name, options);
    }
    const next =
      from === 'nothing'
        ? 'Next: mongoward policy init --help says from what a policy can be made.'
        : 'Next: mongoward policy lint, then mongoward migrate plan.';
    terminal.out(`${terminal.paint('bold', wrap(next, 0, terminal.paint.width))}\n`);
    return 0;
  },
});

interface Wanted {
  readonly uriEnv?: string | undefined;
  readonly uriFile?: string | undefined;
  readonly from?: Origin | undefined;
  readonly template?: Template | undefined;
  readonly hook?: boolean | undefined;
  readonly ci?: FirstFiles['ci'] | undefined;
}

type Origin = (typeof FROM)[number];

async function uriSource({ uriEnv, uriFile }: Wanted, ask: Ask): Promise<FirstFiles['uri']> {
  if (uriFile !== undefined) return { fromFile: uriFile };
  const fromEnv = uriEnv ?? (await ask('Which environment variable holds its connection string?', 'MONGODB_URI'));
  if (VARIABLE.test(fromEnv)) return { fromEnv };
  throw new Failure("that can't be the name of an environment variable", {
    advice: 'name the variable, not its value, because no secret belongs in the configuration; nothing was written',
  });
}

async function origin({ from, template }: Wanted, ask: Ask, otherwise: Origin): Promise<Origin> {
  if (from !== undefined) return from;
  return template === undefined ? choose(ask, 'From what is the first policy made', FROM, otherwise) : 'template';
}

async function templateOf({ template }: Wanted, ask: Ask): Promise<Template> {
  return template ?? choose(ask, 'Which template', TEMPLATES, 'audit-trail');
}

async function habits({ hook, ci }: Wanted, ask: Ask, { interactive }: Terminal) {
  const yes = interactive ? 'yes' : 'no';
  return {
    hook: hook ?? (await choose(ask, 'A hook for pre-commit', ['yes', 'no'], yes)) === 'yes',
    ci: ci ?? (await choose(ask, 'A CI job that lints', CI, 'none')),
  };
}

type Ask = (question: string, otherwise: string) => Promise<string>;

/** Without a terminal what is not said is what would be proposed. */
function asking(terminal: Terminal): Ask {
  return async (question, otherwise) => {
    if (!terminal.interactive) return otherwise;
    const answer = (await terminal.ask(`${question} [${otherwise}] `)).trim();
    return answer === '' ? otherwise : answer;
  };
}

async function choose<const C extends string>(
  ask: Ask,
  question: string,
  choices: readonly C[],
  otherwise: C,
): Promise<C> {
  const answer = await ask(`${question} (${choices.join(', ')})?`, otherwise);
  const chosen = choices.find((choice) => choice === answer);
  if (chosen !== undefined) return chosen;
  throw new Failure(`"${answer}" is none of ${choices.join(', ')}`, {
    advice: 'run mongoward init again; nothing was written',
  });
}
