/** Plans as files: written by `migrate plan -o`, read by `migrate apply --plan`. */
import { resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { readText, SNAPSHOT_LIMIT } from '../files/read-file.ts';
import { writeWhole } from '../files/write-file.ts';
import { escapeHidden } from '../input/characters.ts';
import { readJson } from '../input/json.ts';
import type { Operation } from '../plan/operations/operation.ts';
import { jsonText } from '../report/json-text.ts';
import { isPlanFile, type PlanFile, planDifferences } from '../report/plan-file.ts';
import { type Begun, resumptionDifferences } from '../report/plan-resumption.ts';
import type { Terminal } from './terminal.ts';

export function writePlan(terminal: Terminal, file: string, plan: PlanFile): void {
  writeWhole(resolve(terminal.cwd, file), file, escapeHidden(jsonText(plan)), { modeOfNew: 0o600, links: 'replaced' });
}

/** Throws a Failure if the file is no plan. */
export function readPlan(terminal: Terminal, file: string): PlanFile {
  const { read, refusals } = readJson(readText(resolve(terminal.cwd, file), file, SNAPSHOT_LIMIT));
  if (isPlanFile(read?.data)) return read.data;
  const why = refusals === undefined ? '' : `: ${refusals[0].message}`;
  throw new Failure(`${file} is not a plan${why}`, {
    advice: `nothing was changed; mongoward migrate plan -o ${file} writes one`,
  });
}

const MOST_DIFFERENCES = 20;

/** Throws a Failure that names what differs between the plan that was approved and the one that would be carried out. */
export function refuseUnapproved(
  approved: PlanFile,
  current: PlanFile,
  operations: readonly Operation[],
  begun: Begun | undefined,
): void {
  const found =
    begun === undefined
      ? planDifferences(approved, current)
      : resumptionDifferences(approved, current, operations, begun);
  if (found.length === 0) return;
  const rest = found.length - MOST_DIFFERENCES;
  throw new Failure(
    begun === undefined
      ? 'this is not the plan that was approved'
      : 'what is left is not the rest of the plan that was approved and begun',
    {
      details: [...found.slice(0, MOST_DIFFERENCES), ...(rest > 0 ? [`and ${rest} more`] : [])],
      advice: 'nothing was changed; plan again, and have that approved',
    },
  );
}
