/** Every command line of the tutorials, one after the other, on a server as they assume one. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MongoClient } from 'mongodb';
import { startSandbox } from '../../src/sandbox/server.ts';
import { inFolder, mongoward } from './terminal.ts';

const folder = join(import.meta.dirname, '../../docs/tutorials');
const admin = { user: 'root', password: 'very-secret' };

interface Line {
  readonly argv: readonly string[];
  readonly code: number;
}

/** The lines of a page that begin with the program's name; `# exit code 1` behind one says how it ends. */
function linesOf(markdown: string): readonly Line[] {
  return [...markdown.matchAll(/^ {4}mongoward (.*?)(?: # exit code (\d))?$/gm)].map(([, line = '', code = '0']) => ({
    argv: (line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) =>
      word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'),
    ),
    code: Number(code),
  }));
}

for (const page of readdirSync(folder)) {
  test(`the commands of ${page} end as it says`, async () => {
    const sandbox = await startSandbox({ root: admin });
    try {
      const client = await new MongoClient(sandbox.uri(admin)).connect();
      const user = { pwd: 'x', mechanisms: ['SCRAM-SHA-256'] };
      await client.db('admin').command({ createUser: 'app', ...user, roles: ['readWriteAnyDatabase'] });
      await client.db('admin').command({ createUser: 'eve', ...user, roles: [] });
      await client.db('shop').collection('orders').insertOne({ item: 1 });
      await client.close();
      const env = { MONGODB_URI: sandbox.uri(admin), APP_PASSWORD: 'x' };
      const lines = linesOf(readFileSync(join(folder, page), 'utf8'));
      assert.ok(lines.length > 5);
      await inFolder({}, async (cwd) => {
        for (const { argv, code } of lines) {
          const words = argv.map((word) => (word === '$MONGODB_URI' ? env.MONGODB_URI : word));
          const ran = await mongoward(words, { cwd, env });
          assert.equal(ran.code, code, `mongoward ${argv.join(' ')}\n${ran.err}\n${ran.out}`);
        }
      });
    } finally {
      await sandbox.stop();
    }
  });
}
