/**
 * Expectations by the model against a real server: generated policies, each with generated expectations, are applied to a
 * server of its own, and every account tries what is expected. Whether it comes out as expected is chance; where the
 * model and the server answer differently, that is a disagreement.
 *
 *     npm run test:conformance                # a mongod as `policy test --server` finds it; never the sandbox
 *     SEED=7 POLICIES=1000 npx tsx test/conformance/expectations.ts
 */

import { judgeDocument } from '../../src/ephemeral/judge-document.ts';
import { SET_UP } from '../../src/ephemeral/local-policy.ts';
import { startLocalServer } from '../../src/ephemeral/local-server.ts';
import { proveFile } from '../../src/ephemeral/prove.ts';
import { localStage, serverInfo } from '../../src/ephemeral/stage.ts';
import { expectationsOf } from '../../src/expect/parse.ts';
import { askFile } from '../../src/expect/run.ts';
import { DISAGREEMENT } from '../../src/expect/trial-result.ts';
import { Failure } from '../../src/failure.ts';
import type { ExpectationEntry } from '../../src/generated/expectations.ts';
import { formatRole } from '../../src/model/names.ts';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import type { Intent } from '../../src/policy/intent.ts';
import { type Dice, dice, randomBuiltins, randomCommand, randomPrivileges } from './generate.ts';

const first = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const count = Number(process.env['POLICIES'] ?? 20);
const EXPECTATIONS = 12;
const TODAY = '2026-11-23';
const PASSWORD = 'conformance';

const WORDS = ['read', 'insert', 'alter', 'destroy', 'unseal', 'suppress', 'administer'] as const;
const AT_COLLECTIONS = [
  'find',
  'update',
  'remove',
  'createIndex',
  'dropIndex',
  'collMod',
  'listIndexes',
  'collStats',
] as const;
const AT_DATABASES = [
  'listCollections',
  'dbStats',
  'createUser',
  'grantRole',
  'dropRole',
  'viewRole',
  'changePassword',
] as const;
const AT_CLUSTER = ['listDatabases', 'serverStatus', 'hostInfo', 'getLog', 'getParameter'] as const;
const PLACES = ['conf_a.one', 'conf_a.two', 'conf_b.one', 'conf_b.two'] as const;
const ACCOUNTS = ['u0@admin', 'u1@admin', 'u2@admin', 'given@admin'] as const;

function policyOf(roll: Dice): Intent | undefined {
  const { below, pick } = roll;
  const roles = Object.fromEntries(
    [0, 1, 2].map((n) => [
      `r${n}@admin`,
      { privileges: randomPrivileges(roll).map(({ resource, actions }) => ({ on: resource, allow: actions })) },
    ]),
  );
  const users = Object.fromEntries(
    [0, 1, 2].map((n) => [
      `u${n}@admin`,
      { roles: [`r${below(3)}@admin`, ...randomBuiltins(roll).map(formatRole)], password: { fromEnv: 'X' } },
    ]),
  );
  const schema = below(2) === 0 ? { schema: { bsonType: 'object', required: ['a'] } } : {};
  const collections = { 'conf_a.one': { ...(below(3) === 0 ? { protection: 'append-only' } : {}), ...schema } };
  const restrictions =
    below(3) === 0
      ? [{ users: 'given@admin', on: pick(['conf_b.*', 'conf_b.one']), deny: roll.some(WORDS, 3), remedy: 'rewrite' }]
      : [];
  const policy = {
    apiVersion: 'mongoward/v1',
    metadata: { name: 'p' },
    roles,
    users,
    collections,
    ...(restrictions.some(({ deny }) => deny.length > 0) && { restrictions }),
  };
  return compilePolicy([parsePolicyFile({ file: 'p.json', text: JSON.stringify(policy) })]).intent;
}

function expectationOf(roll: Dice): ExpectationEntry {
  const { below, pick } = roll;
  const as = pick(ACCOUNTS);
  const refused = below(2) === 0;
  const access = (word: string, on: string): ExpectationEntry =>
    refused ? { as, mayNot: word, on } : { as, may: word, on };
  return pick<() => ExpectationEntry>([
    () => access(pick(WORDS), pick(PLACES)),
    () => access(pick(AT_COLLECTIONS), pick(PLACES)),
    () => access(pick(AT_DATABASES), pick(['conf_a', 'conf_b', 'admin'])),
    () => access(pick(AT_CLUSTER), 'cluster'),
    () => {
      const { db, command } = randomCommand(roll);
      return { as, run: { ...command }, db, refused };
    },
    () => ({ as, document: pick([{ a: 1 }, { b: 1 }]), into: pick(PLACES), refused }),
  ])();
}

const totals = { tried: 0, refused: 0, trials: 0, answers: 0, disagreements: 0 };
const server = await startLocalServer({ root: { user: SET_UP.user, password: PASSWORD }, env: process.env });
try {
  if (server.simulated) throw new Error('the sandbox decides by our own model: a real server is needed');
  const info = await serverInfo(server, PASSWORD);
  for (let seed = first; seed < first + count; seed += 1) {
    try {
      await tryPolicy(seed);
    } catch (error) {
      if (!(error instanceof Failure)) throw new Error(`seed ${seed}`, { cause: error });
      totals.refused += 1;
    }
  }

  async function tryPolicy(seed: number): Promise<void> {
    const roll = dice(seed);
    const intent = policyOf(roll);
    const given = {
      databases: [...PLACES],
      users: { 'given@admin': randomBuiltins(roll).map(formatRole) },
    };
    const expect = Array.from({ length: EXPECTATIONS }, () => expectationOf(roll));
    const { read } = expectationsOf(`seed ${seed}`, 'p', { given, expect });
    if (intent === undefined || read === undefined) throw new Failure('the generated policy is not valid');
    const asked = askFile(read, { intent, policies: [intent] }, { today: TODAY, server: info, judgeDocument });
    if (asked.problems.length > 0) throw new Failure('the generated policy can not be applied on what is given');
    const stage = await localStage(server, PASSWORD, asked, { today: TODAY, fresh: false });
    try {
      const { results } = await proveFile(asked, stage);
      totals.tried += 1;
      for (const { trials } of results) {
        totals.trials += trials.length;
        for (const { findings, server: answers = [] } of trials) {
          totals.answers += answers.filter(({ outcome }) => outcome !== 'untried').length;
          for (const { rule, message } of findings) {
            if (rule !== DISAGREEMENT) continue;
            totals.disagreements += 1;
            console.log(`seed ${seed}: ${message} ${JSON.stringify(answers).slice(0, 500)}`);
          }
        }
      }
    } finally {
      await stage.close();
    }
  }
} finally {
  await server.stop();
}
const { tried, refused, trials, answers, disagreements } = totals;
console.log(
  `seeds ${first} to ${first + count - 1} on ${server.label}: ${tried} policies tried, ${refused} refused by the compiler or the plan; ${trials} trials, ${answers} answers of the server; ${disagreements} disagreements`,
);
process.exitCode = disagreements === 0 ? 0 : 1;
