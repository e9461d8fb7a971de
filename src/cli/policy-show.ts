/** `policy show`: the compiled intent, which is what MongoDB will be told. */
import { intentDocument } from '../report/intent-document.ts';
import { intentText } from '../report/intent-text.ts';
import { jsonText } from '../report/json-text.ts';
import { defineCommand } from './command.ts';
import { withConfig, withFormat } from './common-options.ts';
import { loadConfig } from './files.ts';
import { loadIntent } from './inputs.ts';

export const policyShow = defineCommand({
  command: 'show [paths..]',
  describe: 'Show what a policy means, compiled: presets, variables and defaults written out',
  examples: [
    ['$0 policy show policies/', 'Show the policy in a folder'],
    ['$0 policy show policies/ --var env=prod', 'Show it for one value of a variable'],
  ],
  options: (yargs) =>
    withFormat(withConfig(yargs), ['text', 'json'])
      .positional('paths', { type: 'string', array: true, describe: 'Policy files and folders' })
      .option('cluster', {
        type: 'string',
        requiresArg: true,
        describe: 'The cluster whose variables and demands count',
      }),
  run: async (args, terminal) => {
    const { paths } = args;
    const policy = paths === undefined || paths.length === 0 ? {} : { policy: paths };
    const intent = loadIntent(terminal, { ...args, ...policy }, loadConfig(terminal, args.config));
    const document = intentDocument(intent);
    terminal.out(args.format === 'json' ? jsonText(document) : intentText(document));
    return 0;
  },
});
