/** The HTML report in a real browser: what a person sees, does, and waits for. Skipped every day, and where there is no Chromium. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { htmlPage } from '../../src/report/html/page.ts';
import { user } from '../support/build.ts';
import { everyDay } from '../support/scaled.ts';
import { documentOf, estate } from './estate.ts';

const CHROMIUM = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
);
const skip = CHROMIUM === undefined ? 'there is no Chromium here' : everyDay;

let browser: Browser;
let folder: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mongoward-page-'));
  if (CHROMIUM !== undefined && skip === false)
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Look {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly javaScriptEnabled?: boolean;
  readonly bypassCSP?: boolean;
}

/** Whatever the page complains about, or asks the network for, fails the test. */
async function opened(context: TestContext, html: string, { width = 1280, ...look }: Look = {}): Promise<Page> {
  const file = join(folder, 'report.html');
  writeFileSync(file, html);
  const page = await browser.newPage({ viewport: { width, height: 900 }, ...look });
  context.after(() => page.close());
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(request.url());
  });
  await page.goto(pathToFileURL(file).href);
  context.after(() => assert.deepEqual(complaints, []));
  return page;
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 400]) {
    test(`${colorScheme}, ${width} px: nothing that WCAG AA forbids, and no scrolling to the side`, {
      skip,
    }, async (context) => {
      const page = await opened(context, htmlPage([documentOf(estate(4))]), { colorScheme, width, bypassCSP: true });
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
      assert.deepEqual(await violations(page), []);
      await page.locator('.matrix tbody button', { hasText: 'platform@admin' }).click();
      assert.deepEqual(await violations(page), []);
    });
  }
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = (await page.evaluate(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as {
    readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  };
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

async function shownAccounts(page: Page): Promise<readonly string[]> {
  return page.locator('.matrix tbody tr:visible th').allTextContents();
}

test('the matrix is filtered by name and role, by what is allowed, by outcome and place', { skip }, async (context) => {
  const page = await opened(context, htmlPage([documentOf(estate(6))]));
  assert.equal((await shownAccounts(page)).length, 15);
  await page.getByLabel('Name or role').fill('READWRITEANY');
  assert.deepEqual(await shownAccounts(page), ['old@admin']);
  await page.getByLabel('Name or role').fill('');
  await page.getByLabel('Allowed').selectOption('exempt');
  assert.deepEqual(await shownAccounts(page), ['root@admin']);
  await page.getByLabel('Allowed').selectOption('broken');
  await page.getByLabel('Outcome').selectOption('administer');
  await page.locator('select[name=place]').selectOption({ label: 'audit.logs' });
  assert.deepEqual(await shownAccounts(page), [
    'ops-backup@admin',
    'platform@admin',
    'keeper@admin',
    'shop-admin@admin',
  ]);
  assert.equal(await page.locator('#shown').textContent(), '4 of 15 accounts.');
});

test('the matrix is sorted by what is chosen, and says so', { skip }, async (context) => {
  const page = await opened(context, htmlPage([documentOf(estate(2))]));
  const head = page.locator('.matrix thead th').first();
  await head.getByRole('button').click();
  assert.equal(await head.getAttribute('aria-sort'), 'ascending');
  const names = await shownAccounts(page);
  assert.deepEqual(
    names,
    [...names].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)),
  );
  await head.getByRole('button').click();
  assert.equal(await head.getAttribute('aria-sort'), 'descending');
  assert.deepEqual(await shownAccounts(page), names.toReversed());
});

test('an account is opened and closed by the keyboard alone, and shows its path', { skip }, async (context) => {
  const page = await opened(context, htmlPage([documentOf(estate(1))]));
  await page.locator('.matrix tbody button', { hasText: 'platform@admin' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  assert.equal(await dialog.getByRole('heading').first().textContent(), 'platform@admin');
  const [first] = await dialog.locator('svg').all();
  assert.deepEqual((await first?.locator('text').allTextContents())?.slice(0, 3), [
    'platform@admin',
    'platform@admin',
    'userAdminAnyDatabase@admin',
  ]);
  await page.keyboard.press('Escape');
  assert.equal(await dialog.count(), 0);
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'platform@admin');
});

test('a hostile account name is text in the matrix, the graphs and the dialog', { skip }, async (context) => {
  const name = '<img src=x onerror=alert(1)></script>\u202e"@admin';
  const actual = estate(1);
  const page = await opened(context, htmlPage([documentOf({ ...actual, users: [user(name, ['root@admin'])] })]));
  const button = page.locator('.matrix tbody button', { hasText: 'onerror' });
  await button.click();
  assert.equal(
    await page.getByRole('dialog').getByRole('heading').first().textContent(),
    name.replace('\u202e', '\\u202e'),
  );
  assert.equal(await page.locator('img').count(), 0);
});

test('without its script the page shows everything but the filters', { skip }, async (context) => {
  const page = await opened(context, htmlPage([documentOf(estate(3))]), { javaScriptEnabled: false });
  assert.equal((await shownAccounts(page)).length, 12);
  assert.equal(await page.locator('.controls').isVisible(), false);
  assert.ok(await page.locator('.graph svg').first().isVisible());
});

test('on paper: A4, without controls, nothing folded away', { skip }, async (context) => {
  const page = await opened(context, htmlPage([documentOf(estate(20))]));
  await page.evaluate(`addEventListener('beforeprint', () => {
    document.body.dataset.folded = document.querySelectorAll('details:not([open])').length;
  })`);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  assert.equal(await page.evaluate('document.body.dataset.folded'), '0');
  // A4 in points.
  assert.match(pdf, /\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.controls').isVisible(), false);
});

test('300 accounts open and are filtered; the times are told, and judged by nobody', { skip }, async (context) => {
  const page = await opened(context, htmlPage([documentOf(estate(300))]));
  const paint = (await page.evaluate(`new Promise((done) => {
    new PerformanceObserver((list) => {
      const [entry] = list.getEntriesByName('first-contentful-paint');
      if (entry !== undefined) done(entry.startTime);
    }).observe({ type: 'paint', buffered: true });
  })`)) as number;
  const filter = (await page.evaluate(`(() => {
    const input = document.querySelector('input[name=text]');
    const started = performance.now();
    input.value = 'app-1';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    document.querySelector('.matrix').getBoundingClientRect();
    return performance.now() - started;
  })()`)) as number;
  context.diagnostic(`first paint ${Math.round(paint)} ms, a filter ${Math.round(filter)} ms`);
  assert.match(await page.locator('.matrix').innerText(), /app-1/);
});
