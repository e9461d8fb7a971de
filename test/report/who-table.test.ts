/** Who can do what at one place, side by side; the same as asked outcome by outcome. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readQuestion } from '../../src/access/question.ts';
import { EVERY_OUTCOME } from '../../src/access/techniques.ts';
import { whoCan } from '../../src/access/who.ts';
import { nameOf, whoTable } from '../../src/access/who-table.ts';
import { csvText } from '../../src/report/csv.ts';
import { evidenceOf } from '../../src/report/evidence.ts';
import { plain } from '../../src/report/paint.ts';
import { whoCsv, whoMarkdown } from '../../src/report/who-list.ts';
import { whoTableCsv, whoTableMarkdown, whoTableText } from '../../src/report/who-table.ts';
import { whoText } from '../../src/report/who-text.ts';
import { collection, intent, role, state, user } from '../support/build.ts';
import { TODAY, tooWide } from './cases.ts';

const CLUSTER = state({
  roles: [role('CN=DBA@admin', {}, ['dbAdminAnyDatabase@admin'])],
  users: [
    user('app@admin', ['readWrite@audit']),
    user('bi@admin', ['read@audit']),
    user('helpdesk@admin', ['userAdmin@admin']),
    user('idle@admin', ['read@orders']),
    user('root@admin', ['root@admin']),
  ],
  databases: [{ name: 'audit', collections: [collection('logs')] }],
});
const EVIDENCE = evidenceOf({
  today: TODAY,
  tool: 'mongoward 1.2.3',
  policies: [intent('breakGlass: [{user: root@admin, reason: owner, until: 2027-06-30}]\n')],
});

test('a row for each account that can, those with the most outcomes first, break-glass marked', () => {
  const text = whoTableText(whoTable(CLUSTER, 'audit.logs'), EVIDENCE, plain, false);
  assert.equal(
    text.split('\n\n')[0],
    `read  insert alter destroy unseal suppress administer account
steps steps  steps steps   steps  yes      yes        helpdesk@admin
yes   yes    yes   yes     yes    yes      yes        root@admin break-glass
yes   yes    yes   yes     yes    yes      -          app@admin
yes   -      -     -       -      -        -          bi@admin
yes   -      yes   yes     yes    yes      -          whoever is given the role
                                                      CN=DBA@admin`,
  );
  assert.deepEqual(tooWide(text), []);
  assert.equal(
    text.split('\n\n').at(-1),
    `4 of 5 accounts can do at least one of these. Break-glass among them: 1. 1 role
that a group could be given can, too.`,
  );
});

test('every cell is what the question about its outcome answers', () => {
  const { rows } = whoTable(CLUSTER, 'audit.logs');
  for (const outcome of EVERY_OUTCOME) {
    const asked = whoCan(CLUSTER, readQuestion(outcome, 'audit.logs', CLUSTER)).principals;
    const told = rows.filter(({ outcomes }) => outcomes.has(outcome)).map(({ name }) => name);
    assert.deepEqual(told.sort(), asked.map(nameOf).sort(), outcome);
  }
});

test('write is every outcome that it stands for in a policy', () => {
  const names = (action: string) => whoCan(CLUSTER, readQuestion(action, 'audit.logs', CLUSTER)).principals.map(nameOf);
  const each = ['insert', 'alter', 'destroy', 'unseal', 'suppress'].flatMap(names);
  assert.deepEqual(names('write').sort(), [...new Set(each)].sort());
});

test('many accounts that can the same are told together, unless all are wanted', () => {
  const users = Array.from({ length: 100 }, (_, n) => user(`u${100 + n}@admin`, ['read@audit']));
  const many = whoTable({ ...CLUSTER, users }, 'audit.logs');
  const folded = whoTableText(many, EVIDENCE, plain, false);
  assert.match(folded, / 100 accounts: u100@admin,\n +u101@admin, u102@admin and\n +97 more\n/);
  assert.equal(whoTableText(many, EVIDENCE, plain, true).match(/^yes /gm)?.length, 101);
});

test('csv and markdown have the same cells', () => {
  const answer = whoTable(CLUSTER, 'audit.logs');
  assert.deepEqual(whoTableCsv(answer, EVIDENCE).split('\n').slice(0, 3), [
    'account,is,exempt,read,insert,alter,destroy,unseal,suppress,administer',
    'helpdesk@admin,user,,steps,steps,steps,steps,steps,yes,yes',
    'root@admin,user,break-glass,yes,yes,yes,yes,yes,yes,yes',
  ]);
  assert.match(
    whoTableMarkdown(answer, 'Who can', EVIDENCE),
    /\n\| `bi@admin` \| {2}\| yes \| - \| - \| - \| - \| - \| - \|\n/,
  );
});

test('a cell of a spreadsheet is never a formula', () => {
  assert.equal(csvText(['a', 'b'], [['=1+1', 'x"y,z\n']]), 'a,b\n\'=1+1,"x""y,z\\n"\n');
});

test('as a list: accounts of shards stand apart, break-glass marks those of the cluster, a takeover ends at its account', () => {
  const { server } = CLUSTER;
  const shards = [
    { name: 's0', users: [user('root@admin', ['c@admin'])], roles: [role('c@admin', { 'audit.logs': ['remove'] })] },
  ];
  const state = { ...CLUSTER, server: { ...server, topology: 'sharded' as const }, shards };
  const answer = whoCan(state, readQuestion('alter', 'audit.logs', state));
  const rows = whoCsv(answer, EVIDENCE).split('\n');
  const of = (start: string) => rows.filter((row) => row.startsWith(start)).map((row) => row.split(',').slice(0, 5));
  assert.deepEqual(of('root@admin'), [
    ['root@admin', 'user', 'break-glass', 'direct', 'root@admin → root@admin → update on *.*'],
    ['root@admin', 'user of shard s0', '', 'direct', 'root@admin → c@admin → remove on audit.logs'],
  ]);
  const [takeover] = of('helpdesk@admin');
  assert.equal(takeover?.[4], whoText(answer, EVIDENCE, plain).match(/helpdesk@admin → .*/)?.[0]);
  assert.match(
    whoMarkdown(answer, 'Who', EVIDENCE),
    /\n\| `root&#64;admin` of shard s0 \| {2}\| direct|\n\| `root@admin` of shard s0 \| {2}\| direct/,
  );
});
