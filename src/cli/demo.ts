/** `demo`: all of it, on an embedded server. */
import { defineCommand } from './command.ts';

export const demo = defineCommand({
  command: 'demo',
  describe: 'Show the whole job, on a server of its own, in seconds',
  examples: [['$0 demo', 'Give a MongoDB in use a tamper-proof audit trail']],
  options: (yargs) =>
    yargs.option('download', {
      type: 'boolean',
      default: false,
      describe: 'Download a mongod if the machine has none, instead of using the sandbox',
    }),
  run: async (args, terminal) => {
    // What reads a command line is running already: it is a part of its own.
    const [{ runDemo }, { run }] = await Promise.all([import('../demo/demo.ts'), import('./run.ts')]);
    await runDemo({
      env: terminal.env,
      download: args.download,
      paint: terminal.paint,
      out: terminal.out,
      mongoward: (argv, cwd, env) =>
        run(argv, { ...terminal, cwd, env: { ...terminal.env, ...env }, interactive: false }),
    });
    return 0;
  },
});
