/** Where a drift report goes: to standard output in one form, and to files in others. */
import { resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { writeWhole } from '../files/write-file.ts';
import type { DriftFleet } from '../report/drift/fleet.ts';
import { DRIFT_FORMATS, type DriftFormat, type formatDrift } from '../report/drift/formats.ts';
import { plain } from '../report/paint.ts';
import { harmlessOutput } from './guard.ts';
import { VERSION } from './package-version.ts';
import { ruleHelp } from './rule-pages.ts';
import type { Terminal } from './terminal.ts';

export interface Output {
  readonly format: DriftFormat;
  /** As it was given. */
  readonly file: string;
}

/** Reads `html=report.html`. Throws a Failure for what is none, or if two go to one file. */
export function readOutputs(given: readonly string[], cwd: string): readonly Output[] {
  const outputs = given.map((text): Output => {
    const at = text.indexOf('=');
    const format = DRIFT_FORMATS.find((known) => known === text.slice(0, at));
    const file = text.slice(at + 1);
    if (format === undefined || file === '') {
      throw new Failure(`--output ${text} is not in the form format=file`, {
        advice: `the formats are ${DRIFT_FORMATS.join(', ')}`,
      });
    }
    return { format, file };
  });
  const files = outputs.map(({ file }) => resolve(cwd, file));
  const twice = outputs.find((_output, at) => files.indexOf(files[at] ?? '') !== at);
  if (twice !== undefined) throw new Failure(`--output names ${twice.file} more than once`);
  return outputs;
}

/** Files first: if one can't be written, nothing is said that looks like the end. */
export async function writeOutputs(
  terminal: Terminal,
  fleet: DriftFleet,
  format: DriftFormat,
  outputs: readonly Output[],
  render: typeof formatDrift,
): Promise<void> {
  const facts = { version: VERSION, ruleHelp };
  for (const { format: form, file } of outputs) {
    const text = harmlessOutput(await render(form, fleet, facts, plain), markOf(form));
    writeWhole(resolve(terminal.cwd, file), file, text, { links: 'followed' });
  }
  const mark = markOf(format);
  terminal.out(await render(format, fleet, facts, terminal.paint), ...(mark === undefined ? [] : [mark]));
}

function markOf(format: DriftFormat): 'commands' | undefined {
  return format === 'github' ? 'commands' : undefined;
}
