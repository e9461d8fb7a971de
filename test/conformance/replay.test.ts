/** Every decision that a real server made and that was recorded, made again by the model. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { judge, requirementsOf } from '../../src/access/commands/index.ts';
import { roleGraph } from '../../src/model/graph.ts';
import type { Recorded } from './record.ts';

const folder = join(import.meta.dirname, '../truth');

for (const file of readdirSync(folder).filter((name) => name.startsWith('decisions-'))) {
  const { server, accounts, decisions }: Recorded = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  test(`${decisions.length} decisions of MongoDB ${server.version}, ${server.topology}`, () => {
    const known = accounts.map(({ user, granted, roles }) => ({
      context: { version: server.version, sharded: server.topology === 'sharded', user, roles: granted },
      privileges: roleGraph(roles, server.version).privileges(granted),
    }));
    const wrong = decisions.filter(({ account, db, command, allowed }) => {
      const holder = known[account];
      assert.ok(holder);
      return judge(requirementsOf(command, db, holder.context), holder.privileges).allowed !== allowed;
    });
    assert.deepEqual(wrong, []);
  });
}
