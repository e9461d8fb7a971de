/** What `plan` and `new` start from: the policy, the actual state, and what is pending on top of it. */
import type { Argv } from 'yargs';
import type { Violation } from '../access/violations.ts';
import { Failure } from '../failure.ts';
import { heldAgainst } from '../migrate/demands.ts';
import { begunFiles, type MigrationFile, pendingOf } from '../migrate/directory.ts';
import { type JournalEntry, operationsOf } from '../migrate/journal.ts';
import {
  afterPending,
  lookAhead,
  notInPlace,
  type PendingFile,
  readByFiles,
  refuseMisleading,
} from '../migrate/pending.ts';
import { splitAt, type UserRef } from '../model/names.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import type { Intent } from '../policy/intent.ts';
import type { StateSource } from '../report/evidence.ts';
import type { ClusterState } from '../state/state.ts';
import { withActual, withPolicy } from './common-options.ts';
import { type Config, loadConfig } from './files.ts';
import {
  type CommonArguments,
  clusterOption,
  clusterToConnect,
  type LoadedPolicy,
  loadActual,
  loadPolicy,
  readingFor,
  usingCluster,
} from './inputs.ts';
import {
  type FolderArguments,
  filesOf,
  type MigrationsFolder,
  readFolder,
  readFolderIfAny,
  withDir,
} from './migrations-folder.ts';
import type { Terminal } from './terminal.ts';

export interface PlanningArguments extends CommonArguments, FolderArguments {
  readonly prune: boolean;
  readonly rotate?: readonly string[] | undefined;
}

export interface Planning {
  readonly config: Config;
  readonly policy: LoadedPolicy;
  readonly intent: Intent;
  readonly plan: Plan;
  /** What of it, or of what is pending, would violate a policy of the run that is not violated so today. */
  readonly violations: readonly Violation[];
  /** What is violated today, and still is once all of it is carried out. */
  readonly open: readonly Violation[];
  /** Of what is pending, that which says something else than it does. None where the plan becomes a file: that is refused. */
  readonly misleading: readonly PendingFile[];
  readonly folder: MigrationsFolder;
  readonly files: readonly MigrationFile[];
  /** What the plan is made on top of. */
  readonly pending: readonly MigrationFile[];
  readonly state: ClusterState;
  /** The cluster's or the snapshot's. */
  readonly name: string;
  readonly kind: StateSource['kind'];
}

/** `--dir`, `--prune`, `--rotate`, and what names a policy and a cluster or a snapshot. */
export function withPlanning<T>(yargs: Argv<T>) {
  return withDir(withActual(withPolicy(yargs)))
    .option('prune', { type: 'boolean', default: false, describe: 'Drop what the policy made and no longer names' })
    .option('rotate', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Set the password of USER anew: name@db',
    });
}

/** `writes`: whether the plan becomes a file, so that its folder has to be known. */
export async function planOnPending(terminal: Terminal, args: PlanningArguments, writes: boolean): Promise<Planning> {
  const config = loadConfig(terminal, args.config);
  if (args.snapshot === undefined) clusterToConnect(args, config, ', or --snapshot FILE');
  const policy = loadPolicy(terminal, args, config);
  const { intent } = policy;
  const rotate = (args.rotate ?? []).map(rotatedUser);
  const folder = (writes ? readFolder : readFolderIfAny)(terminal, args, config);
  const files = filesOf(folder);
  const reading = readingFor(intent, readByFiles(files));
  const planned = (
    { kind, state, name }: StateSource,
    pending: readonly MigrationFile[],
    entries?: readonly JournalEntry[],
  ): Planning => {
    const looked = lookAhead(state, pending, entries && begunFiles(pending, entries));
    const after = afterPending(state, pending, { looked, journalled: args.snapshot === undefined });
    const misleading = looked.filter((each) => each.misleading.length > 0);
    if (writes) for (const each of misleading) refuseMisleading(each.file, each.misleading);
    const plan = makePlan(intent, after, {
      prune: args.prune,
      ...(entries && { made: operationsOf(entries, intent.policy) }),
      rotate,
      today: terminal.today,
    });
    const { made, open } = heldAgainst(state, plan.desired, { policies: policy.ofRun(), today: terminal.today });
    return {
      config,
      policy,
      intent,
      plan,
      violations: made,
      open,
      misleading,
      folder,
      files,
      pending,
      state,
      name,
      kind,
    };
  };
  if (args.snapshot !== undefined || (files.length === 0 && !args.prune)) {
    const source = await loadActual(terminal, args, config, reading);
    return planned(source, notInPlace(source.state, files));
  }
  return usingCluster(terminal, args, config, reading, async (cluster, name) => {
    const [state, entries] = await Promise.all([cluster.read(), cluster.journal('all')]);
    const { pending, problems } = pendingOf(files, entries);
    if (problems.length > 0) {
      throw new Failure(`the files in ${folder.shown} and what was applied on ${name} do not fit`, {
        details: problems,
        advice: 'mongoward migrate status shows all of it, and migrate rebase mends what a merge has done',
      });
    }
    return planned({ kind: 'cluster', state, name }, pending, entries);
  });
}

/** The command that shows what a plan leaves to a person. */
export function planCommand(name: string | undefined, config: Config): string {
  return `mongoward migrate plan --full${clusterOption(name, config, ' --cluster …')}`;
}

/** The user of `--rotate`. */
export function rotatedUser(text: string): UserRef {
  const parts = splitAt(text);
  if (parts === undefined) throw new Failure(`--rotate ${text} is not a user: say name@db`);
  return { user: parts.name, db: parts.db };
}
