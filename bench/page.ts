/** docs/performance.md, made of a result. */
import {
  type Figure,
  type Growth,
  isMet,
  type Measurement,
  type Result,
  type Suite,
  steepest,
  type Unmeasured,
} from './figure.ts';
import { count, duration, mostText } from './lines.ts';
import { PROFILES } from './profiles.ts';
import { SUITES } from './suites.ts';

export function pageOf(result: Result): string {
  const sections = SUITES.flatMap((suite) => result.flatMap((measurement) => section(suite, measurement)));
  return `# How fast it is

<!-- written by \`npm run bench -- --write\`; \`npm run bench -- --page\` writes it anew from bench/result.json -->

Medians of runs as whole processes, unless it is said otherwise; each section says where it was measured. What is compared
does the same work in the same run, one after the other in turn; a ratio is the median of those of the pairs. Inputs are
made by rule from a seed. The tests hold nothing against a clock: this page is what measures.

    npm run bench                  # all of it, in about ${Math.ceil(SUITES.reduce((sum, { minutes }) => sum + minutes, 0))} minutes
    npm run bench -- start lint    # some of it
    npm run bench -- --write       # and writes this page

${sections.join('\n')}`;
}

function section({ name, about }: Suite, { on, machine, versions, findings }: Measurement): string[] {
  const own = findings.filter(({ id }) => id.startsWith(`${name}/`));
  if (own.length === 0) return [];
  const figures = own.filter((finding) => finding.kind === 'figure');
  const growths = own.filter((finding) => finding.kind === 'growth');
  const unmeasured = own.filter((finding) => finding.kind === 'unmeasured');
  const versionText = Object.entries(versions).map(([program, version]) => `${program} ${version}`);
  return [
    `## ${name.charAt(0).toUpperCase()}${name.slice(1)}\n\n${about}\n`,
    `Measured on ${on}: ${machine}; ${versionText.join(', ')}.\n`,
    ...(figures.length === 0 ? [] : [table(figures)]),
    ...growths.map(growthText),
    ...figures.flatMap(remarks),
    ...unmeasured.map(
      ({ what, why }: Unmeasured) => `Not measured: ${what}. ${why.charAt(0).toUpperCase()}${why.slice(1)}.\n`,
    ),
  ];
}

function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { what, ms, mib, base, most, runs } = figure;
    const beside = base === undefined ? '' : `${base.ratio.toFixed(2)} times ${base.what} (${duration(base.ms)})`;
    const wanted = most === undefined ? '' : `${mostText(figure)}: ${isMet(figure) ? 'met' : '**not met**'}`;
    return `| ${what} | ${duration(ms)} | ${mib === undefined ? '' : `${Math.round(mib)} MiB`} | ${beside} | ${wanted} | ${runs} |`;
  });
  return `| What | Time | Memory | Beside | Wanted | Runs |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

function growthText(growth: Growth): string {
  const { id, what, unit, points } = growth;
  const steps = steepest(growth);
  const [time, memory] = [steps.time.toFixed(2), steps.memory.toFixed(2)];
  const isLinear = Number(time) <= 2 && Number(memory) <= 2;
  const rows = points.map(({ size, ms, mib }) => `| ${count(size)} | ${duration(ms)} | ${Math.round(mib)} MiB |`);
  const head = unit.charAt(0).toUpperCase() + unit.slice(1);
  const profile = isLinear ? undefined : PROFILES[id];
  return [
    `${what}, growing: twice the input takes at most ${time} times the time and ${memory} times the memory; at most 2 times each: ${isLinear ? 'met' : '**not met**'}.\n`,
    `| ${head} | Time | Memory |\n|---|---|---|\n${rows.join('\n')}\n`,
    ...(profile === undefined ? [] : [`Why ${what} grows by more: ${profile}\n`]),
    '![Time and memory by the size of the input](performance.svg)\n',
  ].join('\n');
}

/** What is to be known besides, and of what is not met where the time goes. */
function remarks(figure: Figure): string[] {
  const profile = isMet(figure) ? undefined : PROFILES[figure.id];
  return [
    ...(figure.note === undefined ? [] : [`${figure.what}: ${figure.note}\n`]),
    ...(profile === undefined ? [] : [`Where the time of ${figure.what} goes: ${profile}\n`]),
  ];
}
