/** A migration's file that says something else than its operations do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commentProblems } from '../../src/migrate/comment-problems.ts';
import { begunFiles, readDirectory } from '../../src/migrate/directory.ts';
import { entryId, type JournalEntry } from '../../src/migrate/journal.ts';
import { migrationOf } from '../../src/migrate/migration.ts';
import { parseMigration } from '../../src/migrate/parse-migration.ts';
import { lookAhead } from '../../src/migrate/pending.ts';
import { printMigration } from '../../src/migrate/print-migration.ts';
import type { Operation } from '../../src/plan/operations/operation.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { simulate } from '../../src/plan/simulate.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, intent, role, state, user } from '../support/build.ts';

const BEFORE = state({
  users: [user('billing@admin', ['readWrite@crm', 'read@shop'])],
  databases: ['crm', 'shop'].map((name) => ({ name, collections: [] })),
});
const PLAN = makePlan(intent('users: { billing@admin: { roles: [dbOwner@shop] } }\n'), BEFORE);
const NAME = '20260131120000_billing.yaml';
const TEXT = printMigration(
  migrationOf(PLAN, { version: '20260131120000', slug: 'billing', policyHash: 'f'.repeat(64), server: '8.0.4' }),
);

function misleading(text: string, before = BEFORE): readonly string[] {
  const { files } = readDirectory('migrations', [{ name: NAME, text }], undefined);
  assert.equal(files.length, 1);
  return lookAhead(before, files).flatMap((each) => each.misleading);
}

function edited(from: string | RegExp, to: string): string {
  const text = TEXT.replace(from, to);
  assert.notEqual(text, TEXT);
  return text;
}

test('a file as it was planned misleads nobody', () => {
  assert.deepEqual(misleading(TEXT), []);
  assert.deepEqual(misleading(TEXT.replaceAll('\n', '\r\n')), []);
});

test('a file misleads nobody that gives everywhere what its account had in one place', () => {
  const before = state({
    roles: [role('some@shop', { 'shop.x': ['find'] })],
    users: [user('billing@admin', ['some@shop'])],
    databases: [{ name: 'shop', collections: ['x', 'y'].map((name) => collection(name)) }],
  });
  for (const on of ['any', '*.*', '*.x', 'shop.*']) {
    const policy = intent(`roles: { all@admin: { privileges: [{ on: "${on}", allow: [find, insert] }] } }
users: { billing@admin: { roles: [all@admin] } }
`);
    const head = { version: '20260131120000', slug: 'billing', policyHash: 'f'.repeat(64), server: '8.0.4' };
    assert.deepEqual(misleading(printMigration(migrationOf(makePlan(policy, before), head)), before), [], on);
  }
});

test('a file without comments misleads nobody', () => {
  assert.deepEqual(misleading(TEXT.replace(/^ *#.*\n/gm, '')), []);
});

test('a file without a head is refused where somebody gains', () => {
  const problems = misleading(edited(/^accounts:\n(?: .*\n)*/m, ''));
  assert.match(problems[0] ?? '', /^billing@admin gains .*dropUser.* on shop\.\*$/);
});

const UNTRUE: Readonly<Record<string, readonly [from: string | RegExp, to: string, said: RegExp]>> = {
  'a role that will not be held': [
    /willHold: \[.*\]/,
    'willHold: [ dbOwner@shop, read@audit ]',
    /^the head says that billing@admin will hold read@audit, and it will not$/,
  ],
  'an account that no operation touches': [
    'accounts: [ billing@admin ]',
    'accounts: [ billing@admin, other@admin ]',
    /^the head says that other@admin will hold dbOwner@shop, and it will not$/,
  ],
  'a gain that does not come': [
    /on: \[ "?shop\.\*"?/,
    'on: [ "audit.*", "shop.*"',
    /^the head says that billing@admin gains .* on audit\.\*, and it does not$/,
  ],
  'another loss': [
    /loses: .*/,
    'loses: 99 actions on nowhere.*',
    /^the head says that billing@admin loses 99 actions on nowhere\.\*, and it loses \d+ actions on /,
  ],
  'as many actions, elsewhere': [
    /loses: (\d+ actions) on .*/,
    'loses: $1 on nowhere.*',
    /^the head says that billing@admin loses \d+ actions on nowhere\.\*, and it loses \d+ actions on /,
  ],
  'fewer actions, and the place is right': [
    /loses: \d+ actions/,
    'loses: 1 action',
    /^the head says that billing@admin loses 1 action on .*, and it loses \d+ actions on /,
  ],
  'a gain at what is no place': [
    /on: \[ "?shop\.\*"?/,
    'on: [ "everything: harmless", "shop.*"',
    /^the head says that billing@admin gains .* on everything: harmless, and it does not$/,
  ],
  'a warning of what will not be refused': [
    /^accounts:/m,
    'warnings:\n  - Once this is applied, nobody can log in.\naccounts:',
    /^the head warns "Once this is applied, nobody can log in\.", and that does not come true$/,
  ],
  'no loss': [/\n *loses: .*/, '', /^the head says that billing@admin loses nothing, and it loses \d+ actions on /],
  'another comment': [
    /# 2\. .*/,
    '# 2. revoke everything from billing@admin',
    /^line \d+: the comment says "2\. revoke everything from billing@admin", and the operation below is "/,
  ],
  'a comment beside a value': [
    /( {4}target: .*)/,
    '$1 # takes everything away',
    /^line \d+: the comment says "takes everything away", and/,
  ],
  'a comment at the end': [
    /$/,
    '# all of this is harmless\n',
    /"all of this is harmless", and no operation follows it$/,
  ],
};

for (const [what, [from, to, said]] of Object.entries(UNTRUE)) {
  test(`a head that is not true is refused: ${what}`, () => {
    const problems = misleading(edited(from, to));
    assert.match(problems[0] ?? '', said);
  });
}

test('a warning stands for no other that begins with the same words', () => {
  const names = ['St. Anna@admin', 'St. Bob@admin'];
  const before = state({ users: names.map((name) => user(name, [])) });
  const gates = names.map((name, at) => `  "${name}": { roles: [], clientSource: [10.0.${at}.0/24] }\n`);
  const plan = makePlan(intent(`users:\n${gates.join('')}`), before);
  const head = { version: '20260131120000', slug: 'billing', policyHash: 'f'.repeat(64), server: '8.0.4' };
  const { warnings = [], ...rest } = migrationOf(plan, head);
  assert.equal(warnings.length, 2);
  const text = printMigration({ ...rest, warnings: warnings.slice(0, 1) });
  assert.deepEqual(misleading(text, before), [`the head lacks the warning "${warnings[1]}"`]);
});

test('a warning that the head leaves out is named', () => {
  const before = state({ users: [user('billing@admin', ['read@shop'])] });
  const policy =
    'users: { billing@admin: { roles: [read@shop], authenticationRestrictions: [{ clientSource: [10.0.0.0/8] }] } }\n';
  const text = printMigration(
    migrationOf(makePlan(intent(policy), before), {
      version: '20260131120000',
      slug: 'billing',
      policyHash: 'f'.repeat(64),
      server: '8.0.4',
    }),
  );
  assert.deepEqual(misleading(text, before), []);
  assert.deepEqual(misleading(text.replace(/^warnings:\n(?: .*\n)+/m, ''), before), [
    'the head lacks the warning "Once this is applied, billing@admin can log in only from 10.0.0.0/8. Whatever connects from elsewhere is locked out."',
  ]);
});

test('a role that the head calls lost, and that stays, is named', () => {
  const after = TEXT.replace(/willHold: \[.*\]/, 'willHold: []');
  assert.deepEqual(
    misleading(after.replace(/holds: \[.*\]/, 'holds: [ dbOwner@shop ]')).filter((text) => text.includes('keeps')),
    ['the head says that billing@admin loses dbOwner@shop, and it keeps it'],
  );
});

test('what somebody has done by hand since the plan does not make the head untrue', () => {
  const halfDone = state({
    users: [user('billing@admin', ['read@shop'])],
    databases: ['crm', 'shop', 'new'].map((name) => ({ name, collections: [] })),
  });
  assert.deepEqual(misleading(TEXT, halfDone), []);
});

test('a comment that is far too long is shown short', () => {
  const { migration } = parseMigration(NAME, TEXT);
  assert.ok(migration);
  const [problem = ''] = commentProblems(`${TEXT}# ${'x'.repeat(1000)}\n`, migration);
  assert.ok(problem.length < 200, problem);
});

interface Cut {
  readonly before: ClusterState;
  readonly operations: readonly Operation[];
  readonly text: string;
}

function cutOff(before: ClusterState, policy: string): Cut {
  const plan = makePlan(intent(policy), before);
  const head = { version: '20260131120000', slug: 'billing', policyHash: 'f'.repeat(64), server: '8.0.4' };
  return { before, operations: plan.operations, text: printMigration(migrationOf(plan, head)) };
}

const gated = (address: string, actions: readonly string[]) => ({
  ...role('r@admin', { 'shop.x': actions }),
  authenticationRestrictions: [{ clientSource: [address] }],
});

/** The logins of `w` change by two operations, and `v` holds the role for a moment as it was. */
const LOGINS = cutOff(
  state({
    roles: [gated('127.0.0.1', ['find', 'remove'])],
    users: [user('v@admin', []), user('w@admin', ['r@admin'])],
  }),
  `roles: { r@admin: { privileges: [{ on: shop.x, allow: [find] }], clientSource: [10.0.0.0/8] } }
users:
  v@admin: { roles: [r@admin] }
  w@admin: { roles: [r@admin], clientSource: [127.0.0.1] }
`,
);

/** Who inherits whom is turned round: for a moment `app` is without what it had of the reader, and has it again by itself. */
const TURNED = cutOff(
  state({
    roles: [role('reader@shop', { 'shop.x': ['find'] }), role('clerk@shop', { 'shop.x': ['insert'] }, ['reader@shop'])],
    users: [user('app@shop', ['clerk@shop'])],
  }),
  `roles:
  reader@shop: { privileges: [{ on: shop.x, allow: [find] }], roles: [clerk@shop] }
  clerk@shop: { privileges: [{ on: shop.x, allow: [insert] }] }
users: { app@shop: { roles: [clerk@shop, reader@shop] } }
`,
);

for (const [what, { before, operations, text }] of Object.entries({ logins: LOGINS, inheritance: TURNED })) {
  test(`a file that was cut off anywhere is finished, although what is left of it does something else than the whole: ${what}`, () => {
    const { files } = readDirectory('migrations', [{ name: NAME, text }], undefined);
    const entry: JournalEntry = {
      id: entryId(NAME),
      kind: 'migration',
      policy: 'p',
      policyHash: 'f'.repeat(64),
      fileHash: files[0]?.hash ?? '',
      status: 'running',
      operations: [],
      runs: [],
    };
    const begun = begunFiles(files, [entry]);
    assert.deepEqual([...begun], [NAME]);
    const said = (done: number, names?: ReadonlySet<string>): readonly string[] =>
      lookAhead(simulate(before, operations.slice(0, done)), files, names).flatMap((each) => each.misleading);
    for (let done = 0; done < operations.length; done += 1) assert.deepEqual(said(done, begun), [], String(done));
    // Nothing is believed where the journal does not say so, or says it of another file.
    assert.ok(operations.some((_, done) => said(done).length > 0));
    assert.deepEqual([...begunFiles(files, [{ ...entry, fileHash: 'other' }])], []);
    assert.deepEqual([...begunFiles(files, [{ ...entry, status: 'rolledBack' }])], []);
  });
}

test('what is left of a file that was cut off gives no access that its head keeps quiet', () => {
  const { before, operations, text } = LOGINS;
  const quiet = text.replace(/^ *gains:\n(?: {6}.*\n)*/m, '');
  assert.notEqual(quiet, text);
  const { files } = readDirectory('migrations', [{ name: NAME, text: quiet }], undefined);
  for (let done = 0; done < operations.length; done += 1) {
    const found = simulate(before, operations.slice(0, done));
    const said = lookAhead(found, files, new Set([NAME])).flatMap((each) => each.misleading);
    assert.deepEqual(said, ['v@admin gains find on shop.x'], String(done));
  }
});
