/**
 * `npm run test:reliability [NAME…]`: runs that are killed, cut off, frozen, refused, raced and meddled with, at every
 * point where that makes a difference. Prints the server and a line for each experiment; exits with 1 if one fails. With
 * STEP=3 in the environment the program is killed at every third write only.
 */
import { changeEveryTarget } from './changed.ts';
import { raceRounds } from './concurrent.ts';
import { freezeAt } from './frozen.ts';
import {
  CUT_AFTER,
  CUT_BEFORE,
  harmEverywhere,
  NOT_PRIMARY,
  SERVER_ERROR,
  stepDownEverywhere,
  WRITE_CONCERN_TIMEOUT,
} from './harm.ts';
import { killWhileMakingKeys } from './keys.ts';
import { killEverywhere } from './kill.ts';
import { rollBackGenerated } from './rollback.ts';
import { back, byFile, byPlan, fromPolicy } from './ways.ts';
import { startWorlds } from './world.ts';

const STEP = Number(process.env['STEP'] ?? 1);

const { label, inWorld, stop } = await startWorlds();

const EXPERIMENTS: Readonly<Record<string, () => Promise<string>>> = {
  killed: () => killEverywhere(inWorld, 'apply from the policy', fromPolicy, STEP),
  'killed-file': () => killEverywhere(inWorld, 'apply of a migration file', byFile, STEP),
  'killed-plan': () => killEverywhere(inWorld, 'apply of a plan that was approved', byPlan, STEP),
  'killed-back': () => killEverywhere(inWorld, 'rollback of a migration file', back, STEP),
  'killed-keys': () => killWhileMakingKeys(inWorld),
  'cut-before': () => harmEverywhere(inWorld, CUT_BEFORE),
  'cut-after': () => harmEverywhere(inWorld, CUT_AFTER),
  'write-concern': () => harmEverywhere(inWorld, WRITE_CONCERN_TIMEOUT),
  'server-error': () => harmEverywhere(inWorld, SERVER_ERROR),
  'not-primary': () => harmEverywhere(inWorld, NOT_PRIMARY),
  'stepped-down': () => stepDownEverywhere(inWorld, 4),
  raced: () => raceRounds(inWorld, 200),
  frozen: () => freezeAt(inWorld, 3),
  changed: () => changeEveryTarget(inWorld),
  'rolled-back': () => rollBackGenerated(inWorld, 1000),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(EXPERIMENTS, name));
if (unknown.length > 0)
  throw new Error(`no experiment ${unknown.join(', ')}; there are ${Object.keys(EXPERIMENTS).join(', ')}`);

console.log(`on ${label}`);
try {
  for (const [name, experiment] of Object.entries(EXPERIMENTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const started = performance.now();
    const outcome = await experiment().catch((error: unknown) => {
      process.exitCode = 1;
      return `FAILED: ${error instanceof Error ? error.stack : String(error)}`;
    });
    console.log(`${name.padEnd(14)} ${outcome} (${Math.round((performance.now() - started) / 1000)} s)`);
  }
} finally {
  await stop();
}
