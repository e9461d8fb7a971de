/** How a folder of migrations stands to a cluster, for people: the state of each file first, what is wrong last. */

import { holderText } from '../migrate/cluster.ts';
import type { DirectoryProblem, FileStatus, FileWithStatus, ProblemKind } from '../migrate/directory.ts';
import type { JournalEntry } from '../migrate/journal.ts';
import { type AccountChange, changedNames, isGain } from '../plan/account-changes.ts';
import type { PlanWarning } from '../plan/warnings.ts';
import { gainTexts } from './account-changes-shown.ts';
import { type Evidence, evidenceText } from './evidence.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { warningTexts } from './plan-text.ts';

/**
 * `misleading`: its comments or its head say something else than its operations do; `violating`: what it would leave
 * violates a policy.
 */
export interface StatusProblem extends Omit<DirectoryProblem, 'kind'> {
  readonly kind: ProblemKind | 'misleading' | 'violating';
}

export interface StatusReport {
  /** How messages name the folder. */
  readonly folder: string;
  readonly files: readonly FileWithStatus[];
  /** Policies applied without files that were interrupted. */
  readonly unfinished: readonly JournalEntry[];
  readonly problems: readonly StatusProblem[];
  /** By the name of the file: what it means for accounts once those before it are applied. Of what is still to come. */
  readonly effects: ReadonlyMap<string, FileEffects>;
}

export interface FileEffects {
  readonly accounts: readonly AccountChange[];
  readonly warnings: readonly PlanWarning[];
}

const LABELS: Readonly<Record<FileStatus, readonly ['green' | 'yellow' | 'red' | 'cyan', label: string]>> = {
  applied: ['green', 'applied    '],
  'half-done': ['red', 'half done  '],
  'rolled-back': ['yellow', 'rolled back'],
  pending: ['cyan', 'pending    '],
};

export function statusText(
  { folder, files, unfinished, problems, effects }: StatusReport,
  evidence: Evidence,
  paint: Paint,
): string {
  const lines = files.map(({ file, status, entry }) => {
    const [style, label] = LABELS[status];
    const detail = entry === undefined ? [] : [`            ${paint('dim', wrap(entryText(entry), 12, paint.width))}`];
    const { accounts = [], warnings = [] } = effects.get(file.name) ?? {};
    const warned = warningTexts(warnings, paint, 12);
    return [`${paint(style, label)} ${file.name}`, ...detail, ...gainLines(accounts, paint), ...warned].join('\n');
  });
  const revocation = unfinished.map(
    (entry) => `${paint('red', 'half done  ')} ${entry.id}\n            ${wrap(entryText(entry), 12, paint.width)}`,
  );
  const wrong = problems.map(({ kind, name, line, message }) => {
    const where = `${folder}/${name}${line === undefined ? '' : `:${line}`}`;
    return `${paint('red', `x ${kind}`)} ${where}\n  ${wrap(message, 2, paint.width)}`;
  });
  return [
    [...lines, ...revocation].join('\n'),
    wrong.join('\n'),
    evidenceText(evidence, paint),
    closing(statusCounts(files, unfinished), goesOn(files), problems, folder, paint),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** Who will gain what, in full; how many lose. */
function gainLines(changes: readonly AccountChange[], paint: Paint): readonly string[] {
  if (changes.length === 0) return [];
  const gaining = changes.filter(isGain);
  const losing = changes.filter((change) => !isGain(change)).reduce((sum, { accounts }) => sum + accounts.length, 0);
  const told = gaining.flatMap((change) =>
    gainTexts(change).map(
      (text) => `${changedNames(change).join(', ')} ${change.accounts.length === 1 ? 'gains' : 'gain'} ${text}`,
    ),
  );
  const rest = [
    ...(gaining.length === 0 ? ['nobody gains access'] : []),
    ...(losing === 0 ? [] : [`${count(losing, 'account')} ${losing === 1 ? 'changes' : 'change'} without gaining`]),
  ].join(', ');
  return [...told, ...(rest === '' ? [] : [rest])].map((text) => `            ${wrap(text, 12, paint.width)}`);
}

/** Who did it and when; of one that was interrupted, how far it came and why. */
function entryText({ runs, operations, status }: JournalEntry): string {
  const last = runs.at(-1);
  if (last === undefined) return '';
  const when = (last.finishedAt ?? last.startedAt).toISOString().slice(0, 16).replace('T', ' ');
  const by = `${when} UTC by ${holderText(last.by)}`;
  if (status === 'applied' || status === 'rolledBack') return by;
  const done = operations.filter(({ outcome }) => outcome === 'done' || outcome === 'inPlace').length;
  return `${by}: ${done} of ${count(operations.length, 'operation')}${last.error === undefined ? '' : `; ${last.error}`}`;
}

export interface StatusCounts {
  readonly applied: number;
  readonly halfDone: number;
  readonly pending: number;
}

/** What was rolled back is pending again. */
export function statusCounts(files: readonly FileWithStatus[], unfinished: readonly JournalEntry[]): StatusCounts {
  const of = (...wanted: readonly FileStatus[]): number => files.filter(({ status }) => wanted.includes(status)).length;
  return {
    applied: of('applied'),
    halfDone: of('half-done') + unfinished.length,
    pending: of('pending', 'rolled-back'),
  };
}

/** Which command finishes what is half done: `apply` refuses while a way back is unfinished. */
function goesOn(files: readonly FileWithStatus[]): 'apply' | 'rollback' {
  return files.some(({ entry }) => entry?.status === 'rollingBack') ? 'rollback' : 'apply';
}

function closing(
  { applied, halfDone, pending }: StatusCounts,
  command: ReturnType<typeof goesOn>,
  problems: readonly StatusProblem[],
  folder: string,
  paint: Paint,
): string {
  if (problems.length > 0) {
    const sentence = `${count(problems.length, 'problem')} in ${folder}: nothing can be applied until ${problems.length === 1 ? 'it is' : 'they are'} settled; migrate rebase mends what a merge has done.`;
    return paint('red', wrap(sentence, 0, paint.width));
  }
  if (applied + halfDone + pending === 0)
    return paint('bold', wrap(`There are no migrations in ${folder}.`, 0, paint.width));
  const half = halfDone === 0 ? '' : `${halfDone} half done (${command} goes on where it stopped), `;
  return paint('bold', wrap(`${applied} applied, ${half}${pending} pending.`, 0, paint.width));
}
