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
