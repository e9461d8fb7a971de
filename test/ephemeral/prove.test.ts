/** Expectations on a server of its own: a mongod where one is found, else the sandbox. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Db, MongoClient } from 'mongodb';
import { prove, proveFile } from '../../src/ephemeral/prove.ts';
import { coverageOf } from '../../src/expect/coverage.ts';
import { askFile } from '../../src/expect/run.ts';
import type { ServerAnswer } from '../../src/expect/trial-result.ts';
import { judgeTrial } from '../../src/expect/trial-result.ts';
import { expectations, runBy, said, TODAY } from '../expect/support.ts';
import { intent } from '../support/build.ts';

const POLICY = intent(`
collections:
  audit.logs: { protection: append-only, schema: { bsonType: object, required: [event] } }
roles:
  writer@audit: { privileges: [{ on: audit.logs, allow: insert-only }] }
  keeper@admin: { privileges: [{ on: "*.*", allow: [dropCollection, collMod, find] }] }
users:
  app@admin: { roles: [writer@audit], password: { fromEnv: APP }, clientSource: [10.0.0.0/8] }
  keeper@admin: { roles: [keeper@admin] }
  "CN=auditor@$external": { roles: [read@audit] }
restrictions:
  - { users: "*", except: [keeper@admin, "CN=auditor@$external"], on: audit.*, deny: [read, alter, destroy], remedy: rewrite }
breakGlass: [{ user: root@admin, reason: owner, until: 2099-12-31 }]
`);

const FILE = expectations(
  `
  - { as: app@admin, may: insert, on: audit.logs }
  - { as: "CN=auditor@$external", may: [read, listIndexes], on: audit.logs }
  - { as: keeper@admin, may: [dropCollection, collMod, find], on: audit.logs }
  - { as: keeper@admin, run: { drop: logs }, db: audit, refused: false }
  - { as: app@admin, document: {}, into: audit.logs, refused: true }
  - { as: app@admin, document: { event: login }, into: audit.logs, refused: false }
  - { as: app@admin, run: { insert: logs, documents: [{ a: 1 }] }, db: audit, refused: true }
  - { as: legacy@admin, mayNot: [read, alter, destroy], on: audit.logs }
  - { as: legacy@admin, may: [find, remove], on: billing.invoices }
  - { as: root@admin, may: [destroy, administer], on: audit.logs }
  - { as: "*", mayNot: [alter], on: audit.logs, except: [root@admin, keeper@admin] }`,
  '{ databases: [billing.invoices], users: { legacy@admin: [readWriteAnyDatabase@admin] } }',
);

const options = { env: process.env, today: TODAY, say: () => {} };

test('what holds by the model holds on the server, after what destroys collections too', async () => {
  const subject = { intent: POLICY, policies: [POLICY] };
  const { results, server } = await prove([{ file: FILE, subject }], options);
  assert.deepEqual(
    results.flatMap(said).filter((text) => !text.includes('weakness')),
    [],
  );
  assert.deepEqual(server.notes.slice(0, 2), [
    'clientSource and serverAddress are left out: every account logs in from 127.0.0.1',
    'An account of the same roles stands in for CN=auditor@$external, who has no password',
  ]);
  const answers = results.flatMap((file) =>
    file.results.flatMap(({ trials }) => trials.flatMap(({ server: all = [] }) => all)),
  );
  assert.ok(answers.some(({ words }) => words.includes('not authorized on audit')));
  const trials = results.flatMap((file) => file.results.flatMap((result) => result.trials));
  assert.ok(coverageOf(POLICY, trials).items.filter(({ kind, covered }) => kind === 'grant' && covered).length >= 5);
});

test('what fails by the model fails on the server, in its own words', async () => {
  const file = expectations('  - { as: app@admin, run: { find: logs }, db: audit, refused: false }');
  const { results } = await prove([{ file, subject: { intent: POLICY, policies: [POLICY] } }], options);
  assert.match(
    results.flatMap(said).join(),
    /^5 failed: app@admin may not run find on audit: it lacks find on audit\.logs\. The server refuses it: not authorized on audit to execute command \{ find: "logs"/,
  );
});

test('where model and server disagree, that is an error of its own which says what to report', () => {
  const [asked] = runBy(
    POLICY,
    expectations('  - { as: app@admin, run: { find: logs }, db: audit, refused: true }'),
  ).results;
  const trial = asked?.trials[0];
  assert.ok(trial);
  const probe = trial.model.probes[0];
  assert.ok(probe);
  const answer: ServerAnswer = { command: probe.command, db: probe.db, outcome: 'allowed', words: 'ok' };
  assert.deepEqual(
    judgeTrial(trial.trial, trial.model, [answer]).findings.map(({ rule, severity, message }) => [
      rule,
      severity,
      message,
    ]),
    [
      ['expectation/failed', 'error', 'The server takes find from app@admin: ok.'],
      [
        'expectation/disagreement',
        'error',
        "MODEL AND SERVER DISAGREE. The model refuses find to app@admin on audit, and the server takes it. This is a bug in mongoward. Report it with this output, the policy and the server's version.",
      ],
    ],
  );
});

test('an account sends a command once, however many expectations ask for it, until something has changed', async () => {
  const file = expectations(
    `
  - { as: keeper@admin, may: find, on: audit.logs }
  - { as: keeper@admin, may: [find, dropCollection], on: audit.logs }
  - { as: keeper@admin, may: read, on: audit.logs }`,
    '{ databases: [billing] }',
  );
  const subject = { intent: POLICY, policies: [POLICY] };
  const sent: string[] = [];
  const client = new MongoClient('mongodb://127.0.0.1:1');
  client.db = () =>
    Object.assign(Object.create(Db.prototype), {
      command: async (command: object) => {
        sent.push(Object.keys(command)[0] ?? '');
        return { ok: 1 };
      },
    });
  await proveFile(askFile(file, subject, { today: TODAY, judgeDocument: () => undefined }), {
    uri: async () => '',
    as: async () => client,
    translated: (each) => each,
    restore: async () => void sent.push('restored'),
    close: async () => {},
  });
  assert.deepEqual(sent, ['find', 'drop', 'restored', 'find']);
});
