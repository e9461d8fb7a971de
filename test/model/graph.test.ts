import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCycle, roleGraph } from '../../src/model/graph.ts';
import { formatRole } from '../../src/model/names.ts';
import type { Role } from '../../src/model/role.ts';
import { privilege, ref, refs, role } from '../support/build.ts';

const graph = (roles: readonly Role[]) => roleGraph(roles, '8.0.4');
const names = (roles: readonly Role[]) => roles.map(formatRole).sort();

test('a role grants what it inherits, across databases', () => {
  const roles = [
    role('a@admin', { 'x.a': ['find'] }, ['b@app']),
    role('b@app', { 'app.b': ['find'] }, ['c@app']),
    role('c@app', { 'app.b': ['insert'] }),
    role('c@admin', { 'x.c': ['remove'] }),
  ];
  assert.deepEqual(graph(roles).privileges(refs('a@admin')), [
    privilege('app.b', 'find', 'insert'),
    privilege('x.a', 'find'),
  ]);
});

test('a closure may be asked for while the roles of another are made', () => {
  const both = graph([role('a@admin', {}, ['b@admin']), role('b@admin')]);
  const asking = function* () {
    yield* both.closure(refs('a@admin'));
  };
  assert.deepEqual(names(both.closure(asking())), ['a@admin', 'b@admin']);
});

test('a cycle is followed once, an unknown role grants nothing', () => {
  const roles = [role('a@admin', {}, ['b@admin', 'nobody@admin']), role('b@admin', { 'x.b': ['find'] }, ['a@admin'])];
  assert.deepEqual(names(graph(roles).closure(refs('a@admin'))), ['a@admin', 'b@admin']);
  assert.deepEqual(graph(roles).privileges(refs('a@admin', 'nobody@admin')), [privilege('x.b', 'find')]);
  assert.equal(graph(roles).role(ref('nobody@admin')), undefined);
});

test('of the roles given, the heir of one is the one that no other inherits', () => {
  const roles = [
    role('a@admin', {}, ['b@admin', 'c@admin']),
    role('b@admin', {}, ['c@admin']),
    role('c@admin', {}, ['read@app']),
  ];
  const heirs = (...given: string[]) =>
    graph(roles)
      .heirs(refs(...given))
      .map((heir) => heir && formatRole(heir));
  assert.deepEqual(heirs('c@admin', 'b@admin', 'a@admin'), ['a@admin', 'a@admin', undefined]);
  assert.deepEqual(heirs('read@app', 'c@admin', 'b@admin'), ['b@admin', 'b@admin', undefined]);
  assert.deepEqual(heirs('a@admin', 'nobody@admin', 'a@admin'), [undefined, undefined, undefined]);
});

test('of roles that inherit each other, one has no heir', () => {
  const roles = [role('a@admin', {}, ['b@admin']), role('b@admin', {}, ['a@admin', 'b@admin'])];
  assert.equal(
    graph(roles)
      .heirs(refs('a@admin', 'b@admin'))
      .filter((heir) => heir === undefined).length,
    1,
  );
});

test('a built-in role is known in any database, without being told', () => {
  const find = graph([])
    .privileges(refs('read@orders'))
    .filter(({ actions }) => actions.includes('find'));
  assert.deepEqual(
    find.map(({ resource }) => resource),
    [
      { db: 'orders', collection: '' },
      { db: 'orders', collection: 'system.js' },
    ],
  );
  assert.equal(graph([]).role(ref('root@orders')), undefined);
});

test("the server's own definition of a built-in role wins, in admin and in every other database", () => {
  const live = { ...role('read@admin', { 'admin.*': ['find', 'novel'], 'other.x': ['find'] }), isBuiltin: true };
  assert.deepEqual(graph([live]).privileges(refs('read@admin')), live.privileges);
  assert.deepEqual(graph([live]).privileges(refs('read@orders')), [
    privilege('orders.*', 'find', 'novel'),
    privilege('other.x', 'find'),
  ]);
});

test('a custom role that bears the name of a built-in one of admin is a custom role', () => {
  const custom = role('root@orders', { 'orders.x': ['find'] });
  assert.deepEqual(graph([custom]).privileges(refs('root@orders')), custom.privileges);
});

test('names of a prototype are names like any other', () => {
  const roles = [role('__proto__@admin', { 'x.y': ['find'] }, ['constructor@admin']), role('constructor@admin')];
  assert.deepEqual(names(graph(roles).closure(refs('__proto__@admin'))), ['__proto__@admin', 'constructor@admin']);
  assert.equal(graph([]).role(ref('toString@admin')), undefined);
});

const chain = (length: number): Role[] =>
  Array.from({ length }, (_, index) => role(`r${index}@admin`, {}, index + 1 < length ? [`r${index + 1}@admin`] : []));

test('a cycle is named from its first role back to it', () => {
  assert.equal(
    findCycle([role('a@admin', {}, ['b@admin']), role('b@admin'), role('c@admin', {}, ['b@admin'])]),
    undefined,
  );
  assert.deepEqual(
    findCycle([
      role('in@admin', {}, ['a@admin']),
      role('a@admin', {}, ['b@admin']),
      role('b@admin', {}, ['end@admin', 'a@admin']),
      role('end@admin'),
    ]),
    ['a@admin', 'b@admin', 'a@admin'],
  );
  assert.deepEqual(findCycle([role('a@admin', {}, ['a@admin'])]), ['a@admin', 'a@admin']);
});

test('inheritance may be deeper than the call stack', () => {
  const deep = chain(20_000);
  assert.equal(findCycle(deep), undefined);
  assert.equal(graph(deep).closure(refs('r0@admin')).length, 20_000);
  assert.equal(graph(deep).heirs(refs('r19999@admin', 'r0@admin'))[0]?.role, 'r0');
  const closed = findCycle([...deep.slice(0, -1), role('r19999@admin', {}, ['r0@admin'])]);
  assert.equal(closed?.length, 20_001);
});
