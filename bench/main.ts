/**
 * Measures what the documents say of time and memory. `npm run bench` measures all of it, `npm run bench -- start lint` two
 * suites, `--list` names them. `--write` keeps the result in bench/result.json and writes docs/performance.md and its plots;
 * `--page` writes these anew from what is kept.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Finding, Measurement, Result, Suite } from './figure.ts';
import { line } from './lines.ts';
import { machine, versionOf } from './machine.ts';
import { pageOf } from './page.ts';
import { plotsOf } from './plot.ts';
import { SUITES } from './suites.ts';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const KEPT = at('bench/result.json');

function kept(): Result | undefined {
  try {
    return JSON.parse(readFileSync(KEPT, 'utf8')) as Result;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function writePage(result: Result): void {
  for (const [name, svg] of plotsOf(result)) writeFileSync(at(`docs/${name}`), svg);
  writeFileSync(at('docs/performance.md'), pageOf(result));
}

function chosen(names: readonly string[]): readonly Suite[] {
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown.length > 0)
    throw new Error(`no suite is called ${unknown.join(', ')}: ${SUITES.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? SUITES : SUITES.filter(({ name }) => names.includes(name));
}

async function measure(suites: readonly Suite[]): Promise<Measurement> {
  const on = new Date().toISOString().slice(0, 10);
  const place = machine();
  const versions = {
    'Node.js': process.versions.node,
    Mongoward: versionOf(process.execPath, at('dist/cli/main.js'), '--version') ?? '',
  };
  console.log(`${place}\nNode.js ${versions['Node.js']}, Mongoward ${versions.Mongoward}`);
  const findings: Finding[] = [];
  for (const { name, about, minutes, run } of suites) {
    console.log(`\n${name}: ${about} About ${minutes} min.`);
    for await (const finding of run()) {
      console.log(line(finding));
      findings.push(finding);
    }
  }
  return { on, machine: place, versions, findings };
}

/** Of the suites that were not run now, what is known of them stays. */
function together(before: Result, now: Measurement): Result {
  const suiteOf = ({ id }: Finding): string | undefined => id.split('/')[0];
  const measured = new Set(now.findings.map(suiteOf));
  const stay = before.map((one) => ({ ...one, findings: one.findings.filter((each) => !measured.has(suiteOf(each))) }));
  return [...stay.filter(({ findings }) => findings.length > 0), now];
}

const words = process.argv.slice(2);
const has = (option: string): boolean => words.includes(option);
if (has('--list')) {
  for (const { name, about, minutes } of SUITES) console.log(`${name.padEnd(10)} ${about} About ${minutes} min.`);
} else if (has('--page')) {
  const result = kept();
  if (result === undefined) throw new Error('nothing is kept: measure first, with --write');
  writePage(result);
} else {
  const result = await measure(chosen(words.filter((word) => !word.startsWith('--'))));
  if (has('--write')) {
    const all = together(kept() ?? [], result);
    writeFileSync(KEPT, `${JSON.stringify(all, undefined, 2)}\n`);
    writePage(all);
  }
}
