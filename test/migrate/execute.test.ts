/** What a run says that could not go on: the server and its lock are stood in for, the live suite has them real. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HeldLock, UncertainFailure } from '../../src/migrate/cluster.ts';
import { carryOut } from '../../src/migrate/execute.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { intent, state } from '../support/build.ts';

const { operations } = makePlan(intent('roles: {a@shop: {}}'), state(), { prune: false });

/** A lock whose holder gets no answer to commands of this name. */
const silentAt = (name: string): HeldLock => ({
  holder: { user: 'jo', host: 'here', pid: 1, tool: 'mongoward' },
  token: 1,
  since: new Date(0),
  run: async ({ command }) => {
    if (name in command) throw new UncertainFailure('the connection closed');
  },
  exclusively: (work) => work(),
});

for (const [direction, advice] of [
  ['apply', 'mend the cause and apply again: what is done stays done'],
  ['rollback', 'mend the cause and roll back again: what is done stays done'],
] as const) {
  const execution = {
    subject: { id: 'm', kind: 'migration', policy: 'p', policyHash: 'h', direction, runs: 0 },
    operations,
    left: operations,
    secrets: new Map<string, string>(),
    keys: undefined,
  } as const;

  test(`${direction}: an operation without an answer is named, and what to do`, async () => {
    await assert.rejects(carryOut(silentAt('createRole'), execution), {
      message: 'could not create role a@shop: the connection closed',
      details: ['done: 1 of 2', 'left: create role a@shop'],
      advice,
    });
  });

  test(`${direction}: a journal without an answer is named, and what to do`, async () => {
    await assert.rejects(carryOut(silentAt('update'), execution), {
      message: 'could not write the journal: the connection closed',
      advice,
    });
  });
}
