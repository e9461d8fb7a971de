/** Growth as pictures: time and memory by the size of the input, both axes in steps of twice as much. */
import type { Growth, Result } from './figure.ts';
import { count, duration } from './lines.ts';

const WIDTH = 720;
const PANEL = 300;
const HEIGHT = 300;
const LEFT = 56;
const TOP = 40;
const BOTTOM = 44;
const COLOURS = ['#1f6feb', '#bf3989', '#1a7f37'];

/** One file: both panels, a line for each growth, and in grey how it would look if twice the input took twice as much. */
export function plotsOf(result: Result): ReadonlyMap<string, string> {
  const findings = result.flatMap((measurement) => measurement.findings);
  const growths = findings.filter((finding): finding is Growth => finding.kind === 'growth');
  if (growths.length === 0) return new Map();
  const panels = [
    panel(
      growths,
      0,
      'seconds',
      ({ ms }) => ms / 1000,
      (value) => duration(value * 1000),
    ),
    panel(
      growths,
      WIDTH / 2,
      'peak memory',
      ({ mib }) => mib,
      (value) => `${Math.round(value)} MiB`,
    ),
  ];
  const legend = growths.map(({ what }, at) => {
    const x = LEFT + at * 220;
    return `<circle cx="${x}" cy="${HEIGHT + 18}" r="5" fill="${COLOURS[at % COLOURS.length]}"/><text x="${x + 10}" y="${HEIGHT + 22}">${escaped(what.replaceAll('`', ''))}</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT + 36}" font-family="system-ui, sans-serif" font-size="12" fill="#57606a" role="img" aria-label="Time and memory by the size of the input: straight lines, twice the input takes at most about twice as much">
<rect width="${WIDTH}" height="${HEIGHT + 36}" fill="#ffffff"/>
${[...panels, ...legend].join('\n')}
</svg>
`;
  return new Map([['performance.svg', svg]]);
}

type Point = Growth['points'][number];

function panel(
  growths: readonly Growth[],
  left: number,
  title: string,
  read: (point: Point) => number,
  textOf: (value: number) => string,
): string {
  const points = growths.flatMap((growth) => growth.points);
  const sizes = bounds(points.map(({ size }) => size));
  const values = bounds(points.map(read));
  const x = (size: number): number => left + LEFT + scaled(size, sizes) * (PANEL - LEFT - 10);
  const y = (value: number): number => HEIGHT - BOTTOM - scaled(value, values) * (HEIGHT - TOP - BOTTOM);
  const across = steps(sizes).map(
    (size) =>
      `<line x1="${round(x(size))}" x2="${round(x(size))}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#d0d7de"/><text x="${round(x(size))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${shortCount(size)}</text>`,
  );
  const up = steps(values).map(
    (value) =>
      `<line x1="${left + LEFT}" x2="${left + PANEL - 10}" y1="${round(y(value))}" y2="${round(y(value))}" stroke="#d0d7de"/><text x="${left + LEFT - 6}" y="${round(y(value) + 4)}" text-anchor="end">${textOf(value)}</text>`,
  );
  const lines = growths.map((growth, at) => {
    const colour = COLOURS[at % COLOURS.length];
    const places = growth.points.map((point) => [round(x(point.size)), round(y(read(point)))]);
    const dots = places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`);
    return `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}`;
  });
  const heading = `<text x="${left + LEFT}" y="${TOP - 16}" font-weight="600" fill="#1f2328">${title}, by users or roles</text>`;
  return [heading, ...across, ...up, ...lines].join('\n');
}

type Bounds = readonly [low: number, high: number];

/** From a power of two times the lowest to beyond the highest. */
function bounds(values: readonly number[]): Bounds {
  const low = Math.min(...values);
  const steps = Math.ceil(Math.log2(Math.max(...values) / low) - 1e-9);
  return [low, low * 2 ** Math.max(1, steps)];
}

function scaled(value: number, [low, high]: Bounds): number {
  return Math.log2(value / low) / Math.log2(high / low);
}

function steps([low, high]: Bounds): readonly number[] {
  const found: number[] = [];
  for (let value = low; value <= high * 1.001; value *= 2) found.push(value);
  return found;
}

function shortCount(size: number): string {
  return size >= 1000 ? `${count(Math.round(size / 100) / 10)}k` : count(size);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
