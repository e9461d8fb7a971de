/** `policy types`: TypeScript types of the documents, as the application sees them. */
import { Failure } from '../failure.ts';
import { documentTypes } from '../report/document-types.ts';
import { defineCommand } from './command.ts';
import { withConfig } from './common-options.ts';
import { loadConfig } from './files.ts';
import { loadIntent } from './inputs.ts';

export const policyTypes = defineCommand({
  command: 'types [paths..]',
  describe: 'Write TypeScript types of the documents, as the application sees them',
  examples: [['$0 policy types policies/ > documents.ts', 'Types of every collection that has a schema']],
  options: (yargs) =>
    withConfig(yargs).positional('paths', { type: 'string', array: true, describe: 'Policy files and folders' }),
  run: async (args, terminal) => {
    const { paths } = args;
    const policy = paths === undefined || paths.length === 0 ? {} : { policy: paths };
    const intent = loadIntent(terminal, { ...args, ...policy }, loadConfig(terminal, args.config));
    const typed = intent.collections.filter(
      ({ schema, encryption }) => schema !== undefined || encryption !== undefined,
    );
    if (typed.length === 0) throw new Failure(`no collection of the policy "${intent.policy}" has a schema`);
    terminal.out(await documentTypes(typed));
    return 0;
  },
});
