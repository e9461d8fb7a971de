/**
 * Our reading of definitions against the CRUD Service's own generator of schema maps, where MONGOWARD_CRUD_SERVICE leads to
 * a checkout of github.com/mia-platform/crud-service with its dependencies `lodash` and `jsonpath-plus` installed. Of what
 * is refused here and not there, MongoDB says why.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readDefinitions } from '../../src/crud-service/definition.ts';
import { sealedIn } from '../../src/crud-service/folder.ts';
import { ALGORITHMS } from '../../src/encryption/server-schema.ts';
import { definitions } from './arbitrary.ts';

const checkout = process.env['MONGOWARD_CRUD_SERVICE'];
const skip = checkout === undefined ? 'MONGOWARD_CRUD_SERVICE is not set' : false;
const load = createRequire(import.meta.url);

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly encrypt?: { readonly bsonType?: string; readonly algorithm: string };
};
type Generate = (db: string, definitions: readonly unknown[], keys: object) => Readonly<Record<string, Schema>>;

function generator(): Generate {
  return load(join(checkout ?? '', 'lib/mongo/mongo-schemaMap-generator.js')) as Generate;
}

/** `path algorithm type`; without a type where the service names none. */
function flat(schema: Schema | undefined, above: readonly string[] = []): readonly string[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([name, inner]) => {
    const segments = [...above, name];
    if (inner.encrypt === undefined) return flat(inner, segments);
    return [`${segments.join('.')} ${inner.encrypt.algorithm} ${inner.encrypt.bsonType ?? ''}`];
  });
}

/** What MongoDB refuses, or a policy can't say because MongoDB demands that it be said. */
const REFUSED_BY_MONGODB = [
  'encryption/deterministic-type',
  'encryption/field-path',
  'encryption/id',
  'encryption/in-array',
  'crud-service/no-type',
];

type Agreement = 'same' | 'refused by both' | 'refused by MongoDB';

function judge(data: { readonly name?: unknown }): Agreement {
  const {
    definitions: [definition],
    problems,
  } = readDefinitions('d.json', JSON.stringify(data));
  let theirs: readonly string[];
  try {
    theirs = flat(generator()('db', [data], {})[`db.${String(data.name)}`]);
  } catch (error) {
    assert.ok(problems.length > 0, `the service refuses it: ${String(error)}`);
    return 'refused by both';
  }
  if (problems.length > 0) {
    const rules = problems.map(({ rule }) => rule);
    assert.ok(
      rules.some((rule) => REFUSED_BY_MONGODB.includes(rule)),
      `refused for ${rules.join()}`,
    );
    return 'refused by MongoDB';
  }
  assert.ok(definition);
  const untyped = new Set(
    definition.map.traps.filter(({ rule }) => rule === 'crud-service/no-type').map(({ path }) => path),
  );
  const ours = sealedIn(definition).map(({ path, place, seal }) => {
    const { path: at } = definition.source.locate(place);
    const isUntyped = [...untyped].some(
      (trap) => trap.startsWith(`${at}/`) && /^\/(?:__mia_configuration\/)?encryption$/.test(trap.slice(at.length)),
    );
    return `${path} ${ALGORITHMS[seal.algorithm]} ${isUntyped ? '' : seal.bsonType}`;
  });
  assert.deepEqual([...ours].sort(), [...theirs].sort());
  return 'same';
}

function tell(agreements: readonly Agreement[]): string {
  const count = (agreement: Agreement): number => agreements.filter((each) => each === agreement).length;
  return (['same', 'refused by both', 'refused by MongoDB'] as const)
    .map((each) => `${each}: ${count(each)}`)
    .join(', ');
}

test("the service's own definitions map as it maps them", { skip }, (t) => {
  const folders = ['tests/collectionDefinitions', 'tests/newCollectionDefinitions', 'bench/definitions/collections'];
  const files = folders
    .map((folder) => join(checkout ?? '', folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
  const agreements = files.map((file) => judge(JSON.parse(JSON.stringify(load(file)))));
  t.diagnostic(tell(agreements));
  assert.deepEqual([...new Set(agreements)], ['same']);
});

test('so do definitions that nobody has written', { skip }, (t) => {
  const agreements: Agreement[] = [];
  const runs = Number(process.env['MONGOWARD_RUNS'] ?? '2000');
  fc.assert(
    fc.property(definitions, (data) => void agreements.push(judge(data))),
    { numRuns: runs },
  );
  t.diagnostic(tell(agreements));
});
