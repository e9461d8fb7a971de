/** `policy show`: the compiled intent, which is what MongoDB will be told. */
import { ownVariables, type ParsedFile } from '../policy/compile.ts';
import { referencesIn } from '../policy/variables.ts';
import { intentDocument, type ShownVariable } from '../report/intent-document.ts';
import { intentText } from '../report/intent-text.ts';
import { jsonText } from '../report/json-text.ts';
import { defineCommand } from './command.ts';
import { withConfig, withFormat } from './common-options.ts';
import { loadConfig } from './files.ts';
import { loadPolicy, variableLayers } from './inputs.ts';

export const policyShow = defineCommand({
  command: 'show [paths..]',
  describe: 'Show what a policy means, compiled: presets, variables and defaults written out',
  examples: [
    ['$0 policy show policies/', 'Show the policy in a folder'],
    ['$0 policy show --cluster prod', 'With the variables and demands of a cluster'],
    ['$0 policy show policies/ --var env=prod', 'Show it for one value of a variable'],
  ],
  options: (yargs) =>
    withFormat(withConfig(yargs), ['text', 'json'])
      .positional('paths', { type: 'string', array: true, describe: 'Policy files and folders' })
      .option('cluster', {
        type: 'string',
        requiresArg: true,
        describe: 'Cluster of the configuration, for its variables and demands',
      }),
  run: async (args, terminal) => {
    const { paths } = args;
    const policy = paths === undefined || paths.length === 0 ? {} : { policy: paths };
    const config = loadConfig(terminal, args.config);
    const { intent, files } = loadPolicy(terminal, { ...args, ...policy }, config);
    const variables = usedVariables(files, variableLayers(terminal, args, config), args.cluster);
    const document = intentDocument(intent, variables);
    terminal.out(args.format === 'json' ? jsonText(document) : intentText(document));
    return 0;
  },
});

/** The variables that the files use, with the value that counts and where it comes from. */
function usedVariables(
  files: readonly ParsedFile[],
  [flags, environment, entry]: ReturnType<typeof variableLayers>,
  cluster: string | undefined,
): ReadonlyMap<string, ShownVariable> {
  const sources = files.flatMap(({ source }) => source ?? []);
  const layers = [
    { values: flags, from: () => '--var' },
    { values: environment, from: (name: string) => `MONGOWARD_VAR_${name}` },
    { values: entry, from: () => (cluster === undefined ? 'the cluster' : `the cluster ${cluster}`) },
    { values: ownVariables(sources), from: () => 'the policy' },
  ];
  const names = [...new Set(sources.flatMap(({ text }) => referencesIn(text)))].sort();
  return new Map(
    names.flatMap((name): [string, ShownVariable][] => {
      const layer = layers.find(({ values }) => values.has(name));
      const value = layer?.values.get(name);
      return layer === undefined || value === undefined ? [] : [[name, { value, from: layer.from(name) }]];
    }),
  );
}
