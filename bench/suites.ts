/** Everything that is measured, in the order of the page. */
import type { Suite } from './figure.ts';
import { browser } from './suites/browser.ts';
import { expectations } from './suites/expectations.ts';
import { files } from './suites/files.ts';
import { lint } from './suites/lint.ts';
import { live } from './suites/live.ts';
import { peers } from './suites/peers.ts';
import { scan } from './suites/scan.ts';
import { plan, who } from './suites/snapshots.ts';
import { start } from './suites/start.ts';
import { tests } from './suites/tests.ts';

export const SUITES: readonly Suite[] = [
  start,
  files,
  lint,
  who,
  plan,
  live,
  peers,
  expectations,
  scan,
  browser,
  tests,
];
