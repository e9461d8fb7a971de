/** The HTML report in a browser, as a person waits for it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { htmlPage } from '../../src/report/html/page.ts';
import { documentOf, estate } from '../../test/report/estate.ts';
import type { Finding, Suite } from '../figure.ts';
import { inFolder, median } from '../measure.ts';

const RUNS = 5;
const ACCOUNTS = 300;
const NOTE = 'headless Chromium, a new page each time';
const PAINT = `the report of ${ACCOUNTS} accounts, from the address to the first paint`;
const FILTER = `a filter of its matrix, from the key to the frame that shows it`;

const FIRST_PAINT = `new Promise((done) => {
  new PerformanceObserver((list) => {
    const [entry] = list.getEntriesByName('first-contentful-paint');
    if (entry !== undefined) done(entry.startTime);
  }).observe({ type: 'paint', buffered: true });
})`;

const FILTERED = `new Promise((done) => {
  const input = document.querySelector('input[name=text]');
  const started = performance.now();
  input.value = 'app-1';
  input.dispatchEvent(new Event('input', { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
})`;

export const browser: Suite = {
  name: 'browser',
  about: 'The HTML report, opened and filtered.',
  minutes: 0.3,
  async *run(): AsyncIterable<Finding> {
    const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
      (path) => path !== undefined && existsSync(path),
    );
    if (executablePath === undefined) {
      const why = 'there is no Chromium here';
      yield { kind: 'unmeasured', id: 'browser/paint', what: PAINT, why };
      yield { kind: 'unmeasured', id: 'browser/filter', what: FILTER, why };
      return;
    }
    const started = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const times = await inFolder(new Map([['report.html', htmlPage([documentOf(estate(ACCOUNTS))])]]), (folder) =>
        openings(started, pathToFileURL(join(folder, 'report.html')).href),
      );
      const of = (each: (time: Times) => number): { ms: number; runs: number } => ({
        ms: median(times.map(each)),
        runs: RUNS,
      });
      yield {
        kind: 'figure',
        id: 'browser/paint',
        what: PAINT,
        ...of(({ paint }) => paint),
        most: { ms: 1000 },
        note: NOTE,
      };
      yield {
        kind: 'figure',
        id: 'browser/filter',
        what: FILTER,
        ...of(({ filter }) => filter),
        most: { ms: 100 },
        note: NOTE,
      };
    } finally {
      await started.close();
    }
  },
};

interface Times {
  readonly paint: number;
  readonly filter: number;
}

async function openings(started: Browser, address: string): Promise<readonly Times[]> {
  const times: Times[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const page = await started.newPage();
    await page.goto(address);
    times.push({ paint: Number(await page.evaluate(FIRST_PAINT)), filter: Number(await page.evaluate(FILTERED)) });
    await page.close();
  }
  return times;
}
