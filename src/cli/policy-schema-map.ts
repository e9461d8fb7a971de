/** `policy schema-map`: what the driver's automatic encryption needs. */
import { extendedJson, javascript, schemaMap } from '../encryption/schema-map.ts';
import { Failure } from '../failure.ts';
import { formatNamespace } from '../model/names.ts';
import { defineCommand } from './command.ts';
import { withActual, withConfig } from './common-options.ts';
import { loadConfig } from './files.ts';
import { loadActual, loadIntent, readingFor } from './inputs.ts';

export const policySchemaMap = defineCommand({
  command: 'schema-map [paths..]',
  describe: "Write the driver's schemaMap, with the ids of the keys in the key vault",
  examples: [
    ['$0 policy schema-map --cluster prod', 'As Extended JSON, for any driver'],
    ['$0 policy schema-map --snapshot prod.json --format js', 'As a module for the Node.js driver'],
  ],
  options: (yargs) =>
    withActual(withConfig(yargs))
      .positional('paths', { type: 'string', array: true, describe: 'Policy files and folders' })
      .option('format', {
        choices: ['extended-json', 'js'] as const,
        requiresArg: true,
        default: 'extended-json' as const,
        describe: 'Form of the output',
      }),
  run: async (args, terminal) => {
    const { paths } = args;
    const policy = paths === undefined || paths.length === 0 ? {} : { policy: paths };
    const config = loadConfig(terminal, args.config);
    const intent = loadIntent(terminal, { ...args, ...policy }, config);
    const sealed = intent.collections.flatMap(({ ns, encryption }) =>
      encryption === undefined ? [] : [{ ns: formatNamespace(ns), encryption }],
    );
    if (sealed.length === 0) throw new Failure(`the policy "${intent.policy}" seals no fields`);
    const asked = args.cluster !== undefined || args.snapshot !== undefined;
    const state = asked ? (await loadActual(terminal, args, config, readingFor(intent))).state : undefined;
    const { map, problems } = schemaMap(sealed, state);
    if (problems.length > 0) {
      const details = problems.map(({ ns, field, message }) => {
        const entry = intent.collections.find((candidate) => formatNamespace(candidate.ns) === ns);
        const at = entry?.origin('encryption', 'fields', field.path);
        return `${at === undefined ? '' : `${at.file}:${at.line}: `}${field.path}: ${message}`;
      });
      throw new Failure('a schemaMap needs the id of every key', { details });
    }
    terminal.out(args.format === 'js' ? javascript(map) : extendedJson(map));
    return 0;
  },
});
