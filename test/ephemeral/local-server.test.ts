import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DryMongoBinary } from 'mongodb-memory-server';
import { locateMongod } from '../../src/ephemeral/local-server.ts';

test('where mongodb-memory-server can not say what it keeps, it keeps no mongod', async (t) => {
  // As it does for a user who has no home.
  t.mock.method(DryMongoBinary, 'generateOptions', async () => {
    throw new Error('uv_os_homedir returned ENOENT');
  });
  assert.equal(await locateMongod({ PATH: '' }), undefined);
});
