/** `policy crud-service`: what the CRUD Service seals against what the policy says, and the policy written back. */
import { resolve } from 'node:path';
import { compare, type Pair, pairsOf } from '../crud-service/compare.ts';
import { deploymentFindings, type EnvironmentFinding } from '../crud-service/deployment.ts';
import { connectionOf, isPlaceholder, settingOf } from '../crud-service/environment.ts';
import { folderTraps, sealing } from '../crud-service/folder.ts';
import { rewriteFile } from '../crud-service/write-back.ts';
import { Failure } from '../failure.ts';
import { writeWhole } from '../files/write-file.ts';
import { formatNamespace } from '../model/names.ts';
import { sortProblems } from '../policy/compile.ts';
import type { Intent } from '../policy/intent.ts';
import type { Problem } from '../policy/problem.ts';
import {
  type CrudServiceReport,
  crudServiceFindings,
  crudServiceJson,
  crudServiceText,
} from '../report/crud-service-report.ts';
import { jsonText } from '../report/json-text.ts';
import { fileDiff } from '../report/textdiff.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { withFormat, withPolicy } from './common-options.ts';
import {
  databaseOf,
  type Folder,
  type LoadedEnvironment,
  loadDefinitions,
  loadEnvironment,
  NOT_EXECUTED,
  withDeployment,
} from './crud-service-files.ts';
import { reportEvidence, withTimestamp } from './evidence.ts';
import { loadConfig } from './files.ts';
import { loadPolicy } from './inputs.ts';
import { printReport, REPORT_FORMATS } from './rendered.ts';

export const policyCrudService = defineCommand({
  command: 'crud-service <folder>',
  describe: "Compare the CRUD Service's definitions and environment with the policy",
  examples: [
    [
      '$0 policy crud-service collections --environment prod.env',
      'Report where they differ, and what the service runs into',
    ],
    ['$0 policy crud-service collections --write', 'Write the field maps of the policy into the definitions'],
  ],
  options: (yargs) =>
    withTimestamp(withFormat(withDeployment(withPolicy(yargs)), REPORT_FORMATS))
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of collection definitions, or one file',
      })
      .option('write', {
        type: 'boolean',
        default: false,
        describe: 'Change the definitions; without it only show how',
      }),
  run: async (args, terminal) => {
    const { folder, write } = args;
    const { intent } = loadPolicy(terminal, args, loadConfig(terminal, args.config));
    const loaded = loadDefinitions(terminal, folder);
    const environment = loadEnvironment(terminal, args);
    const db = databaseOf(environment, args);
    const pairs = pairsOf(loaded.definitions, intent, db);
    refuseAmbiguous(pairs);
    const rewritten = loaded.read.map((file) =>
      rewriteFile(file, ({ name, view }) => {
        // Of several definitions of one collection only one decides, and all of them should say the same.
        const encryption = pairs.find((pair) => pair.definition.name === name)?.entry.encryption;
        return view ? undefined : encryption;
      }),
    );
    const changes = rewritten.flatMap((after, at) => {
      const before = loaded.read[at]?.text ?? '';
      return before === after.text ? [] : [{ file: after.file, before, after: after.text }];
    });
    if (write) {
      for (const { file, after } of changes) {
        writeWhole(resolve(terminal.cwd, file), file, after, { links: 'followed' });
      }
    }
    const current = write
      ? { ...loaded, read: rewritten, definitions: rewritten.flatMap((each) => each.definitions) }
      : loaded;
    const findings = findingsOf(current, intent, db, environment);
    const report: CrudServiceReport = {
      policy: intent.policy,
      folder,
      findings,
      changes: changes.map(({ file, before, after }) => ({ file, diff: fileDiff(file, before, after) })),
      written: write,
      unreadable: loaded.programs.map((what) => ({ what, why: NOT_EXECUTED })),
      files: [...loaded.read.map(({ file }) => file), ...(environment.file === undefined ? [] : [environment.file])],
    };
    const evidence = reportEvidence(terminal, args, { policies: [intent] });
    await printReport(terminal, args.format, {
      evidence,
      text: () => `${crudServiceText(report, evidence, terminal.paint)}\n`,
      json: () => jsonText(crudServiceJson(report, evidence)),
      findings: (facts) => crudServiceFindings(report, facts),
    });
    return exitCodeFor(report);
  },
});

function exitCodeFor({ findings, changes, written, unreadable }: CrudServiceReport): ExitCode {
  if (unreadable.length > 0) return 2;
  const wrong = findings.some(({ severity }) => severity === 'error');
  return wrong || (changes.length > 0 && !written) ? 1 : 0;
}

/** Which of two collections of one name a definition is about, only its database tells. */
function refuseAmbiguous(pairs: readonly Pair[]): void {
  for (const { definition } of pairs) {
    const own = pairs.filter((pair) => pair.definition === definition).map(({ entry }) => formatNamespace(entry.ns));
    if (own.length < 2) continue;
    throw new Failure(`${definition.source.file} may be about ${own.join(' or ')}`, {
      advice: "add --db NAME, or --environment FILE with the service's MONGODB_URL",
    });
  }
}

function findingsOf(
  { read, definitions }: Folder,
  intent: Intent,
  db: string | undefined,
  { environment, problems, file }: LoadedEnvironment,
): readonly EnvironmentFinding[] {
  const pairs = pairsOf(definitions, intent, db);
  const known = file !== undefined || environment.size > 0;
  const account = connectionOf(settingOf(environment, 'MONGODB_URL') ?? '')?.account;
  const setting = settingOf(environment, 'DISABLE_INDEX_MANAGEMENT') ?? '';
  const leavesIndexes = known && !isPlaceholder(setting) ? setting === 'true' : undefined;
  const found = [
    ...read.flatMap((each) => each.problems),
    ...problems,
    ...folderTraps(definitions),
    ...compare({
      definitions,
      intent,
      pairs,
      db,
      ...(account && { account }),
      ...(leavesIndexes !== undefined && { leavesIndexes }),
    }),
  ];
  const deployed = known
    ? deploymentFindings({
        environment,
        whole: file === undefined ? undefined : { file, line: 1, column: 1, path: '' },
        entries: pairs.map(({ entry }) => entry),
        sealing: sealing(definitions).map(({ name }) => name),
        intent,
      })
    : [];
  return [...sortProblems(found).map(withPlace), ...deployed];
}

function withPlace({ rule, severity, message, file, line, column, path }: Problem): EnvironmentFinding {
  return { rule, severity, message, at: { file, line, column, path } };
}
