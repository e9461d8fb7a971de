/**
 * Every command line of the README and of the pages in docs/, run in a project as the page assumes one: it ends as it
 * should. The tutorials have a test of their own, which looks at each step.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MongoClient } from 'mongodb';
import { groupBy } from '../../src/model/keyed.ts';
import { sortedSet } from '../../src/model/order.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { inFolder, mongoward } from './terminal.ts';

const root = join(import.meta.dirname, '../..');
const admin = { user: 'root', password: 'very-secret' };
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Line {
  readonly argv: readonly string[];
  /** Where its output goes, behind `>`. */
  readonly into?: string;
}

/** Indented lines, and commands in the first column of a table. */
function linesOf(markdown: string): readonly Line[] {
  const written = [...markdown.matchAll(/^(?: {4}|\| `)mongoward (.+?)(?:`.*)?$/gm)].map(([, line = '']) => line);
  return written.map((line) => {
    const [command = '', into] = line.replace(/\s+# .*$/, '').split(/\s+> /);
    const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
    return { argv: words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2')), ...(into && { into }) };
  });
}

/** What ends otherwise than with 0, by how the line begins, and why. */
const CODES: readonly (readonly [begins: string, code: 1 | 2, why: string])[] = [
  ['migrate status', 1, 'something is pending'],
  ['migrate rollback', 2, 'it would open what the policy protects'],
  ['migrate apply --cluster prod --to 2026', 2, 'there is no such migration'],
  ['drift report', 1, 'the server does not require TLS'],
  ['policy schema-map', 2, 'its key is not there yet'],
  ['policy diff', 1, 'the policy gives access that the cluster had not'],
  ['policy crud-service', 1, 'the two differ'],
  ['policy export --to terraform', 1, 'the tool has no words for a part of it'],
];

/** What has been done before, by how the line begins. */
const BEFORE: readonly (readonly [begins: string, lines: readonly string[]])[] = [
  ['policy diff', ['cluster snapshot --cluster prod -o before.json']],
  ['policy init --snapshot', ['cluster snapshot --cluster prod -o prod.json']],
  ['migrate status', ['migrate new first --cluster prod']],
  ['migrate apply --cluster', ['migrate new first --cluster prod']],
  ['migrate apply --plan', ['migrate plan --cluster prod -o plan.json']],
  ['migrate rollback', ['migrate new first --cluster prod', 'migrate apply --cluster prod --yes']],
  ['migrate rebase', ['migrate new first --cluster prod']],
  ['drift report --all-clusters --since', ['drift report --cluster prod --format json > last.json']],
];

/** What begins a project or a policy is run where there is none. */
function projectFor(line: string): Readonly<Record<string, string>> {
  const without = /^policy (init|import)/.test(line)
    ? /^policies/
    : line === 'policy test --init'
      ? /test\.yaml$/
      : undefined;
  return Object.fromEntries(Object.entries(PROJECT).filter(([name]) => without?.test(name) !== true));
}

const PROJECT: Readonly<Record<string, string>> = {
  'mongoward.config.yaml': `clusters:\n${['prod', 'prod-eu', 'prod-us', 'staging']
    .map((name) => `  ${name}: { uri: { fromEnv: MONGODB_URI } }\n`)
    .join('')}`,
  'policies/audit-trail.yaml': text('policies/audit-trail.yaml'),
  'policies/audit-trail.test.yaml': text('policies/audit-trail.test.yaml'),
  'main.tf': 'resource "mongodb_db_user" "app" {\n  auth_database = "admin"\n  name = "app"\n  password = var.p\n}\n',
  'users.tf': '',
  'init.js': 'db.createUser({ user: "app", pwd: passwordPrompt(), roles: ["read"] });\n',
  'create-users.sh': 'mongosh <<EOF\ndb.createUser({ user: "etl", pwd: passwordPrompt(), roles: [] })\nEOF\n',
  'collections/logs.json': JSON.stringify({
    name: 'logs',
    fields: [{ name: 'email', type: 'string', encryption: { enabled: true, searchable: false } }],
  }),
  'prod.env':
    'MONGODB_URL=mongodb://crud-service@db/audit\nKMS_PROVIDER=local\nKEY_VAULT_NAMESPACE=encryption.__keyVault\n',
};

const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter(
  (page) => page.endsWith('.md') && linesOf(text(page)).length > 0,
);

async function runLine({ argv, into }: Line, cwd: string, uri: string) {
  const words = argv.map((word) => word.replace('/var/lib/node_exporter/', '').replace(':9464', ':0'));
  const secrets = { CRUD_SERVICE_PASSWORD: 'x', AUDITOR_PASSWORD: 'x' };
  const ending = argv[1] === 'watch' ? { ending: AbortSignal.timeout(500) } : {};
  const ran = await mongoward(words, { cwd, env: { MONGODB_URI: uri, ...secrets }, answer: 'y', ...ending });
  if (into !== undefined) writeFileSync(join(cwd, into), ran.out);
  return ran;
}

/** Each line once, with the pages that it stands on. */
const documented = groupBy(
  pages.flatMap((page) => linesOf(text(page)).map((line) => ({ page, line }))),
  ({ line }) => JSON.stringify(line),
);

for (const found of documented.values()) {
  const [{ line: written }] = found;
  const on = sortedSet(found.map(({ page }) => page));
  const line = written.argv.join(' ');
  const code = CODES.find(([begins]) => line.startsWith(begins))?.[1] ?? 0;
  // They have tests of their own.
  if (line === 'demo' || line === 'init') continue;
  test(`${on.join(', ')}: mongoward ${line} ends with ${code}`, async () => {
    const sandbox = await startSandbox({ root: admin });
    try {
      const uri = sandbox.uri(admin);
      const client = await new MongoClient(uri).connect();
      await client.db('admin').command({ createUser: 'app', pwd: 'x', roles: ['readWriteAnyDatabase'] });
      await client.db('shop').collection('orders').insertOne({ item: 1 });
      await client.close();
      await inFolder(projectFor(line), async (cwd) => {
        const before = BEFORE.find(([begins]) => line.startsWith(begins))?.[1] ?? [];
        for (const each of before) {
          for (const first of linesOf(`    mongoward ${each}`)) await runLine(first, cwd, uri);
        }
        const ran = await runLine(written, cwd, uri);
        assert.equal(ran.code, code, `${ran.err}\n${ran.out}`);
      });
    } finally {
      await sandbox.stop();
    }
  });
}
