/** Findings as lines of a table. */
import { type Figure, type Finding, isMet, steepest } from './figure.ts';

export function line(finding: Finding): string {
  switch (finding.kind) {
    case 'figure':
      return figureLine(finding);
    case 'growth': {
      const { time, memory } = steepest(finding);
      const points = finding.points.map(
        ({ size, ms, mib }) => `${count(size)}: ${duration(ms)}, ${Math.round(mib)} MiB`,
      );
      return `  ${finding.what} by ${finding.unit}\n    ${points.join('; ')}\n    twice the input: at most ${time.toFixed(2)} times the time, ${memory.toFixed(2)} times the memory`;
    }
    case 'unmeasured':
      return `  ${finding.what}: not measured, ${finding.why}`;
  }
}

function figureLine(figure: Figure): string {
  const { what, base, note } = figure;
  const beside = base === undefined ? '' : `, ${base.ratio.toFixed(2)} times ${base.what} (${duration(base.ms)})`;
  const verdict = figure.most === undefined ? '' : `  ${isMet(figure) ? 'ok' : 'MORE'}: wanted ${mostText(figure)}`;
  return `  ${what}: ${duration(figure.ms)}${memoryText(figure)}${beside}${verdict}${note === undefined ? '' : `\n    ${note}`}`;
}

function memoryText({ mib }: Figure): string {
  return mib === undefined ? '' : `, ${Math.round(mib)} MiB`;
}

/** `at most 2 times, 400 MiB` */
export function mostText({ most = {} }: Figure): string {
  const parts = [
    ...(most.ratio === undefined ? [] : [`${most.ratio} times`]),
    ...(most.ms === undefined ? [] : [duration(most.ms)]),
    ...(most.mib === undefined ? [] : [`${most.mib} MiB`]),
  ];
  return `at most ${parts.join(', ')}`;
}

/** `84 ms`, `2.3 s` */
export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

export function count(size: number): string {
  return size.toLocaleString('en');
}
