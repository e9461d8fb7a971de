import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Definition, readDefinitions } from '../../src/crud-service/definition.ts';
import { bsonTypeOf, isContainer, isSearchable } from '../../src/crud-service/field.ts';
import { sealedIn, sealing } from '../../src/crud-service/folder.ts';
import { declaredOf, MIA, nodeOf } from '../../src/crud-service/node.ts';
import { rewriteFile } from '../../src/crud-service/write-back.ts';
import { policyText } from '../../src/crud-service/write-policy.ts';
import { pathProblem } from '../../src/encryption/sealed-field.ts';
import type { EncryptedFieldEntry } from '../../src/generated/policy.ts';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import { scaled } from '../support/scaled.ts';
import { definitionTexts } from './arbitrary.ts';

const FACTS = {
  name: 'made',
  folder: 'collections',
  db: 'shop',
  keyVault: 'encryption.__keyVault',
  kms: { provider: 'local' },
} as const;

function read(text: string): Definition {
  const [definition] = readDefinitions('books.json', text).definitions;
  assert.ok(definition);
  return definition;
}

type Fields = Record<string, EncryptedFieldEntry>;

function rewritten(text: string, fields: Fields): string {
  return rewriteFile(readDefinitions('books.json', text), () => ({ fields })).text;
}

/** What a definition seals, as a policy says it. */
function sealedBy(definition: Definition): Fields {
  return Object.fromEntries(sealedIn(definition).map(({ path, seal }) => [path, { ...seal, keyAltName: 'books' }]));
}

test('definitions → policy → definitions gives the same bytes, and the policy the same map', () => {
  fc.assert(
    fc.property(definitionTexts, (text) => {
      const {
        definitions: [definition],
        problems,
      } = readDefinitions('books.json', text);
      assert.ok(definition);
      fc.pre(problems.length === 0 && sealing([definition]).length === 1);
      const { intent, problems: wrong } = compilePolicy([
        parsePolicyFile({ file: 'made.yaml', text: policyText([definition], FACTS) }),
      ]);
      assert.deepEqual(wrong, []);
      const [encryption] = intent?.collections.flatMap((entry) => entry.encryption ?? []) ?? [];
      assert.ok(encryption);
      assert.deepEqual(encryption.fields, sealedBy(definition));
      assert.equal(rewritten(text, encryption.fields), text);
    }),
    { numRuns: scaled(300) },
  );
});

/** A field map of fields that the definition describes, none within another. */
function wantedOf(definition: Definition, picks: readonly (false | 'random' | 'deterministic')[]): Fields {
  const paths: string[] = [];
  const entries = definition.map.fields.flatMap(({ path, segments, node }, index): [string, EncryptedFieldEntry][] => {
    const bsonType = bsonTypeOf(node);
    const pick = picks[index % picks.length];
    const named = pathProblem(path) === undefined && segments.every((name) => !name.includes('.'));
    // No "encryption" makes the service seal a document to which it is led by what stands under __mia_configuration.
    const stuck = bsonType === 'object' && !isContainer(node) && declaredOf(nodeOf(node[MIA])) !== undefined;
    if (!pick || stuck || bsonType === undefined || !named || paths.some((outer) => path.startsWith(`${outer}.`)))
      return [];
    paths.push(path);
    const deterministic = pick === 'deterministic' && isSearchable(node) && !['number', 'array'].includes(bsonType);
    return [[path, { bsonType, algorithm: deterministic ? 'deterministic' : 'random', keyAltName: 'books' }]];
  });
  return Object.fromEntries(entries);
}

/** Without what a field map is about. */
function remainder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(remainder);
  if (typeof value !== 'object' || value === null) return value;
  // A field may have that name too, and a field has a type.
  const isEncryption = (inner: unknown): boolean => typeof inner !== 'object' || inner === null || !('type' in inner);
  return Object.entries(value)
    .filter(([key, inner]) => key !== 'encryption' || !isEncryption(inner))
    .map(([key, inner]) => [key, remainder(inner)]);
}

test('a policy written into definitions is what the service seals then; nothing else changes, and once is enough', () => {
  const picks = fc.array(fc.constantFrom<false | 'random' | 'deterministic'>(false, 'random', 'deterministic'), {
    minLength: 1,
    maxLength: 7,
  });
  fc.assert(
    fc.property(definitionTexts, picks, (text, chosen) => {
      const definition = read(text);
      const fields = wantedOf(definition, chosen);
      const afterText = rewritten(text, fields);
      assert.deepEqual(
        sealedBy(read(afterText)),
        Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))),
      );
      assert.deepEqual(remainder(JSON.parse(afterText)), remainder(JSON.parse(text)));
      assert.equal(rewritten(afterText, fields), afterText);
    }),
    { numRuns: scaled(300) },
  );
});
