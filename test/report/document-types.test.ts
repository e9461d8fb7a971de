import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentTypes } from '../../src/report/document-types.ts';
import { intent } from '../support/build.ts';

test('sealed fields have the type that the application sees, and only what is used is imported', async () => {
  const { collections } = intent(`collections:
  audit.logs:
    schema:
      required: [_id, at, severity]
      additionalProperties: false
      properties:
        _id: { bsonType: objectId }
        at: { bsonType: date, description: When it happened. }
        severity: { enum: [info, error] }
        tags: { bsonType: array, items: { bsonType: string } }
        size: { bsonType: [int, long] }
        seen: { type: boolean }
    encryption:
      keyVault: e.k
      fields:
        user.mail: { bsonType: string, algorithm: deterministic }
        card:
          bsonType: object
          algorithm: random
          schema: { required: [number], properties: { number: { bsonType: string } } }
`);
  assert.equal(
    await documentTypes(collections),
    `import type { Long, ObjectId } from 'mongodb';

/**
 * A document of audit.logs.
 */
export interface AuditLogs {
  _id: ObjectId;
  /**
   * When it happened.
   */
  at: Date;
  severity: "info" | "error";
  tags?: string[];
  size?: number | Long;
  seen?: boolean;
  card?: {
    number: string;
    [k: string]: unknown;
  };
  user?: {
    mail?: string;
    [k: string]: unknown;
  };
}
`,
  );
});

test('every collection has a type of its own, whatever its name, and no name of a type is taken for its use', async () => {
  const date = '{ schema: { properties: { Code: { bsonType: date } } } }';
  const names = ['a.logs-2', 'a.logs_2', 'object.id', '1st.2nd', '日本.語'];
  const { collections } = intent(`collections:\n${names.map((name) => `  ${name}: ${date}\n`).join('')}`);
  const text = await documentTypes(collections);
  assert.deepEqual(
    [...text.matchAll(/^ \* A document of (.*)\.\n \*\/\nexport interface (.*) \{$/gm)].map(([, ns, name]) => [
      ns,
      name,
    ]),
    [
      ['a.logs-2', 'ALogs2'],
      ['a.logs_2', 'ALogs22'],
      ['object.id', 'ObjectId2'],
      ['1st.2nd', 'St2Nd'],
      ['日本.語', 'Document'],
    ],
  );
  assert.ok(!text.includes('import'));
});

test('a field that may be an array or a document has both types', async () => {
  const { collections } = intent(
    'collections:\n  a.b: { schema: { properties: { x: { bsonType: [array, object, int], items: { bsonType: date } } } } }\n',
  );
  assert.match(
    await documentTypes(collections),
    /x\?: \(Date\[\] \| \{\n {4}\[k: string\]: unknown;\n {2}\} \| number\);/,
  );
});
