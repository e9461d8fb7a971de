import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemUser } from '../../src/cluster/system-user.ts';

test('the system user is told by its name', () => {
  assert.equal(
    systemUser(() => ({ username: 'deploy' })),
    'deploy',
  );
});

test('a user id without a passwd entry is told by its number', () => {
  const unknown = (): never => {
    throw new Error('ENOENT: no such file or directory, uv_os_get_passwd');
  };
  assert.equal(systemUser(unknown), `uid ${process.getuid?.()}`);
});
