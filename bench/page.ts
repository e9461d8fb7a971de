/** docs/performance.md, made of a result. */
import {
  type Figure,
  type Finding,
  type Growth,
  isMet,
  type Result,
  type Suite,
  steepest,
  type Unmeasured,
} from './figure.ts';
import { count, duration, mostText } from './lines.ts';
import { PROFILES } from './profiles.ts';
import { SUITES } from './suites.ts';

export function pageOf(result: Result): string {
  const { on, machine, versions, findings } = result;
  const versionText = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const sections = SUITES.flatMap((suite) => section(suite, findings));
  return `# How fast it is

<!-- written by \`npm run bench -- --write\`; \`npm run bench -- --page\` writes it anew from bench/result.json -->

Measured on ${on}: ${machine}; ${versionText.join(', ')}. Medians of runs as whole processes, unless it is said otherwise.
What is compared does the same work in the same run, one after the other in turn; a ratio is the median of those of the
pairs. Inputs are made by rule from a seed. The tests hold nothing against a clock: this page is what measures.

    npm run bench                  # all of it, in about ${Math.ceil(SUITES.reduce((sum, { minutes }) => sum + minutes, 0))} minutes
    npm run bench -- start lint    # some of it
    npm run bench -- --write       # and writes this page

${sections.join('\n')}`;
}

function section({ name, about }: Suite, findings: readonly Finding[]): string[] {
  const own = findings.filter(({ id }) => id.startsWith(`${name}/`));
  if (own.length === 0) return [];
  const figures = own.filter((finding) => finding.kind === 'figure');
  const growths = own.filter((finding) => finding.kind === 'growth');
  const unmeasured = own.filter((finding) => finding.kind === 'unmeasured');
  const parts = [
    `## ${name.charAt(0).toUpperCase()}${name.slice(1)}\n\n${about}\n`,
    ...(figures.length === 0 ? [] : [table(figures)]),
    ...growths.map(growthText),
    ...figures.flatMap(remarks),
    ...unmeasured.map(
      ({ what, why }: Unmeasured) => `Not measured: ${what}. ${why.charAt(0).toUpperCase()}${why.slice(1)}.\n`,
    ),
  ];
  return parts;
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
  const { what, unit, points } = growth;
  const { time, memory } = steepest(growth);
  const rows = points.map(({ size, ms, mib }) => `| ${count(size)} | ${duration(ms)} | ${Math.round(mib)} MiB |`);
  const head = unit.charAt(0).toUpperCase() + unit.slice(1);
  return `${what}, growing: twice the input takes at most ${time.toFixed(2)} times the time and ${memory.toFixed(2)} times the memory.\n\n| ${head} | Time | Memory |\n|---|---|---|\n${rows.join('\n')}\n\n![Time and memory by the size of the input](performance.svg)\n`;
}

/** What is to be known besides, and of what is not met where the time goes. */
function remarks(figure: Figure): string[] {
  const profile = isMet(figure) ? undefined : PROFILES[figure.id];
  return [
    ...(figure.note === undefined ? [] : [`${figure.what}: ${figure.note}\n`]),
    ...(profile === undefined ? [] : [`Where the time of ${figure.what} goes: ${profile}\n`]),
  ];
}
