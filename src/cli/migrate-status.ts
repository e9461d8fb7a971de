/** `migrate status`: how the migration files stand to what a cluster remembers. */

import { Failure } from '../failure.ts';
import { holderText } from '../migrate/cluster.ts';
import { begunFiles, headOfFile, type MigrationFile, readThrough, statusOfFiles } from '../migrate/directory.ts';
import { notesAhead } from '../migrate/migration-notes.ts';
import { lookAhead, type PendingFile, readByFiles } from '../migrate/pending.ts';
import { planWarnings } from '../plan/warnings.ts';
import type { Intent } from '../policy/intent.ts';
import { statusJson } from '../report/json.ts';
import { jsonText } from '../report/json-text.ts';
import { wrap } from '../report/layout.ts';
import { type StatusProblem, type StatusReport, statusText } from '../report/status-text.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { withCluster, withConfig, withFormat } from './common-options.ts';
import { reportEvidence, withTimestamp } from './evidence.ts';
import { type Config, loadConfig } from './files.ts';
import { loadPoliciesIfAny, usingCluster } from './inputs.ts';
import { directoryOf, readFolder, withDir } from './migrations-folder.ts';
import type { Terminal } from './terminal.ts';

export const migrateStatus = defineCommand({
  command: 'status',
  describe: 'Say which migrations are applied, pending or half done, and what does not fit',
  examples: [['$0 migrate status --cluster prod', 'Exit with 1 if any is pending, with 2 if files do not fit']],
  options: (yargs) => withTimestamp(withDir(withFormat(withCluster(withConfig(yargs)), ['text', 'json']))),
  run: async (args, terminal): Promise<ExitCode> => {
    const config = loadConfig(terminal, args.config);
    const folder = readFolder(terminal, args, config);
    const { files, problems } = directoryOf(folder);
    return usingCluster(terminal, args, config, readByFiles(files), async (cluster, name) => {
      const [state, entries, lock] = await Promise.all([cluster.read(), cluster.journal('all'), cluster.lock()]);
      const known = statusOfFiles(files, entries);
      const pending = readThrough(known.files.filter(({ status }) => status !== 'applied').map(({ file }) => file));
      const ahead = lookAhead(state, pending.files, begunFiles(files, entries));
      const policies = ahead.length === 0 ? [] : policiesToHold(terminal, args, config);
      const collections = policies.flatMap((policy) => policy.collections);
      const there = new Set(folder.texts.map((text) => text.name));
      const report: StatusReport = {
        folder: folder.shown,
        files: known.files,
        unfinished: entries.filter(({ kind, status }) => kind === 'policy' && status === 'running'),
        // A file that can't be read is not missing.
        problems: [
          ...problems,
          ...pending.problems,
          ...known.problems.filter(({ kind, name: of }) => kind !== 'missing' || !there.has(of)),
          ...ahead.flatMap((each) => problemsAhead(each, policies, terminal.today)),
        ],
        effects: new Map(
          ahead.map(({ file, before, left, effects }) => [
            file.name,
            { accounts: effects, warnings: planWarnings(before, left, effects, collections) },
          ]),
        ),
      };
      const evidence = reportEvidence(terminal, args, {
        others: policiesOf(files),
        sources: [{ kind: 'cluster', name, state }],
      });
      if (args.format === 'json') terminal.out(jsonText(statusJson(report, evidence)));
      else {
        terminal.out(`${terminal.paint('bold', wrap(`Migrations on ${name}`, 0, terminal.paint.width))}\n\n`);
        if (lock !== undefined) {
          const dead = lock.expired ? ', and has not been heard of since' : '';
          terminal.out(
            `${wrap(`${holderText(lock.holder)} has been changing the cluster since ${lock.since.toISOString()}${dead}.`, 0, terminal.paint.width)}\n\n`,
          );
        }
        terminal.out(`${statusText(report, evidence, terminal.paint)}\n`);
      }
      if (report.problems.length > 0) return 2;
      return report.files.some(({ status }) => status !== 'applied') || report.unfinished.length > 0 ? 1 : 0;
    });
  },
});

function problemsAhead(each: PendingFile, policies: readonly Intent[], today: string): readonly StatusProblem[] {
  return notesAhead(each, policies, today).flatMap(({ what, name, message }) =>
    what === 'misleading' || what === 'violating' ? [{ kind: what, name, message }] : [],
  );
}

/** What pending files are held against; where the policies can't be used, that is said. */
function policiesToHold(
  terminal: Terminal,
  args: Parameters<typeof loadPoliciesIfAny>[1],
  config: Config,
): readonly Intent[] {
  try {
    return loadPoliciesIfAny(terminal, args, config);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    terminal.err(`note: what pending migrations would violate is unknown: ${error.message}\n`);
    return [];
  }
}

/** The policies that the files were planned from: of each the latest. */
function policiesOf(files: readonly MigrationFile[]): readonly { readonly name: string; readonly hash: string }[] {
  const hashes = new Map(files.map(headOfFile).map(({ policy, policyHash }) => [policy, policyHash]));
  return [...hashes].map(([name, hash]) => ({ name, hash }));
}
