/** Options that several commands take: what names policies and clusters, and how long to wait. */
import type { Argv } from 'yargs';

/** `--config`, `--var` */
export function withConfig<T>(yargs: Argv<T>) {
  return yargs
    .option('config', { type: 'string', requiresArg: true, describe: 'Configuration file (mongoward.config.yaml)' })
    .option('var', { type: 'string', array: true, requiresArg: true, describe: 'Value of a variable: name=value' });
}

/** `--policy` besides those of the configuration. */
export function withPolicy<T>(yargs: Argv<T>) {
  return withConfig(yargs).option('policy', {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Policy files and folders (policies)',
  });
}

/** An hour, as for the library: a job at night ends by it, and a CI would only end it after six. */
export const DEADLINE_SECONDS = 3600;

/** `--timeout`, `--deadline` */
export function withTimes<T>(yargs: Argv<T>) {
  return yargs
    .option('timeout', {
      type: 'number',
      requiresArg: true,
      default: 10,
      describe: 'Seconds to look for a server that answers',
    })
    .option('deadline', {
      type: 'number',
      requiresArg: true,
      default: DEADLINE_SECONDS,
      describe: 'Seconds that all the work on a cluster may take',
    });
}

/** `--cluster`, `--timeout`, `--deadline` */
export function withCluster<T>(yargs: Argv<T>) {
  return withTimes(yargs).option('cluster', {
    type: 'string',
    requiresArg: true,
    describe: 'Cluster: its name in the configuration, or a URI',
  });
}

/** `--cluster` or `--snapshot` */
export function withActual<T>(yargs: Argv<T>) {
  return withCluster(yargs)
    .option('snapshot', { type: 'string', requiresArg: true, describe: 'Snapshot file instead of a cluster' })
    .conflicts('cluster', 'snapshot');
}

export function withFormat<T, const F extends readonly string[]>(yargs: Argv<T>, formats: F) {
  return yargs.option('format', {
    choices: formats,
    requiresArg: true,
    default: 'text' as F[number],
    describe: 'Form of the output',
  });
}

/** `--full` */
export function withFull<T>(yargs: Argv<T>) {
  return yargs.option('full', { type: 'boolean', default: false, describe: 'Show what is folded otherwise, too' });
}
