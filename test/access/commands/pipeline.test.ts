import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeCondition, requirementsOf } from '../../../src/access/commands/index.ts';
import { BY_MONGOS, type Command, ON_8_0, refuses, type Said, says } from './said.ts';

function aggregate(...pipeline: readonly Command[]): Command {
  return { aggregate: 'a', pipeline, cursor: {} };
}

function ofDatabase(...pipeline: readonly Command[]): Command {
  return { aggregate: 1, pipeline, cursor: {} };
}

const OWN = 'nothing: it shows what is its own';

says([
  [aggregate(), 'find on app.a'],
  [aggregate({ $match: {} }, { $sort: { x: 1 } }), 'find on app.a'],
  [aggregate({ $out: 'b' }), 'find on app.a and insert on app.b and remove on app.b'],
  [aggregate({ $out: { db: 'other', coll: 'b' } }), 'find on app.a and insert on other.b and remove on other.b'],
  [
    { ...aggregate({ $out: 'b' }), bypassDocumentValidation: true },
    'find on app.a and insert on app.b and remove on app.b and bypassDocumentValidation on app.b',
  ],
  [aggregate({ $lookup: { from: 'b', as: 'x' } }), 'find on app.a and find on app.b'],
  [aggregate({ $lookup: { from: 'b', pipeline: [{ $match: {} }], as: 'x' } }), 'find on app.a and find on app.b'],
  [
    aggregate({ $lookup: { from: 'b', pipeline: [{ $lookup: { from: 'c', as: 'y' } }], as: 'x' } }),
    'find on app.a and find on app.b and find on app.c',
  ],
  [
    aggregate({ $lookup: { from: 'b', pipeline: [{ $collStats: {} }], as: 'x' } }),
    'find on app.a and collStats on app.b',
  ],
  [aggregate({ $lookup: { pipeline: [{ $documents: [] }], as: 'x' } }), 'find on app.a'],
  [aggregate({ $graphLookup: { from: 'b' } }), 'find on app.a and find on app.b'],
  [aggregate({ $unionWith: 'b' }), 'find on app.a and find on app.b'],
  [aggregate({ $unionWith: { coll: 'b', pipeline: [{ $indexStats: {} }] } }), 'find on app.a and indexStats on app.b'],
  [
    aggregate({ $facet: { one: [{ $lookup: { from: 'b', as: 'x' } }], two: [{ $count: 'n' }] } }),
    'find on app.a and find on app.b',
  ],
  [aggregate({ $collStats: {} }), 'collStats on app.a'],
  [aggregate({ $collStats: {} }, { $facet: { one: [{ $match: {} }] } }), 'collStats on app.a'],
  [aggregate({ $match: {} }, { $collStats: {} }), 'find on app.a and collStats on app.a'],
  [aggregate({ $planCacheStats: {} }), 'planCacheRead on app.a'],
  [aggregate({ $changeStream: {} }), 'changeStream on app.a and find on app.a'],
  [ofDatabase({ $changeStream: {} }), 'changeStream on database app and find on database app'],
  [
    ofDatabase({ $changeStream: { allChangesForCluster: true } }),
    'changeStream on every database and find on every database',
    ON_8_0,
    'admin',
  ],
  [ofDatabase({ $currentOp: { allUsers: true } }), 'inprog on cluster', ON_8_0, 'admin'],
  [ofDatabase({ $currentOp: {} }), OWN, ON_8_0, 'admin'],
  [ofDatabase({ $currentOp: {} }), 'inprog on cluster', BY_MONGOS, 'admin'],
  [ofDatabase({ $currentOp: { localOps: true } }), OWN, BY_MONGOS, 'admin'],
  [ofDatabase({ $listLocalSessions: {} }), OWN],
  [ofDatabase({ $listLocalSessions: { allUsers: true } }), 'listSessions on cluster'],
  [ofDatabase({ $listSessions: { users: [{ user: 'u', db: 'app' }] } }), 'listSessions on cluster'],
  [
    ofDatabase({ $listSessions: { users: [{ user: 'u', db: 'app' }] } }),
    OWN,
    { ...ON_8_0, user: { user: 'u', db: 'app' } },
  ],
  [ofDatabase({ $listLocalSessions: {} }, { $out: 'b' }), 'insert on app.b and remove on app.b'],
] satisfies readonly Said[]);

const WHEN_MATCHED = {
  replace: 'replace',
  merge: 'merge',
  keepExisting: 'keepExisting',
  fail: 'fail',
  pipeline: [{ $set: {} }],
};
const BOTH = 'find on app.a and insert on app.b and update on app.b';
const UPDATE = 'find on app.a and update on app.b';

/** For whenMatched, what is demanded if whenNotMatched is insert, fail, discard; nothing where the server knows no such mode. */
const MERGE: Readonly<Record<keyof typeof WHEN_MATCHED, readonly [string?, string?, string?]>> = {
  replace: [BOTH, UPDATE, UPDATE],
  merge: [BOTH, UPDATE, UPDATE],
  pipeline: [BOTH, UPDATE, UPDATE],
  keepExisting: [BOTH],
  fail: ['find on app.a and insert on app.b'],
};

for (const [mode, whenMatched] of Object.entries(WHEN_MATCHED)) {
  for (const [index, whenNotMatched] of ['insert', 'fail', 'discard'].entries()) {
    const demands = Object.entries(MERGE).find(([name]) => name === mode)?.[1][index];
    const command = aggregate({ $merge: { into: 'b', whenMatched, whenNotMatched } });
    if (demands === undefined) refuses([[command, `aggregate: $merge knows no mode ${mode} and ${whenNotMatched}`]]);
    else says([[command, demands]]);
  }
}

says([
  [aggregate({ $merge: 'b' }), BOTH],
  [
    aggregate({ $merge: { into: { db: 'other', coll: 'b' } } }),
    'find on app.a and insert on other.b and update on other.b',
  ],
]);

refuses([
  [{ aggregate: 'a' }, 'aggregate: a pipeline must be an array, not absent'],
  [aggregate({}), 'aggregate: a stage has exactly one field'],
  [aggregate({ $match: {}, $sort: {} }), 'aggregate: a stage has exactly one field'],
  [aggregate({ $mach: {} }), 'aggregate: what the stage "$mach" demands is not known here'],
  [aggregate({ constructor: {} }), 'aggregate: what the stage "constructor" demands is not known here'],
  [aggregate({ $graphLookup: {} }), 'aggregate: from must be a name, not absent'],
]);

test('pipelines nested too deep for a document are refused', () => {
  let pipeline: readonly Command[] = [];
  for (let depth = 0; depth < 5000; depth += 1) pipeline = [{ $unionWith: { coll: 'b', pipeline } }];
  assert.throws(() => describeCondition(requirementsOf(aggregate(...pipeline), 'app', ON_8_0)), {
    message: 'aggregate: pipelines are nested more than 100 deep',
  });
});
