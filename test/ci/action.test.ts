/** The GitHub Action: what it runs, what it writes, and the comment on the pull request. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { formatSnapshot } from '../../src/state/snapshot.ts';
import { inFolder, unbuilt } from '../cli/terminal.ts';
import { collection, owned, role, state, user } from '../support/build.ts';

const ROOT = join(import.meta.dirname, '../..');
const POLICY = `apiVersion: mongoward/v1
metadata: { name: p }
collections: { audit.logs: { protection: append-only } }
`;

const FILES = {
  'policies/p.yaml': POLICY,
  'event.json': '{ "pull_request": { "number": 7 } }',
  'push.json': '{}',
  's.json': formatSnapshot(
    state({
      roles: [role('r@audit', { 'audit.logs': ['remove'] })],
      users: [user('app@admin', ['r@audit'])],
      databases: [{ name: 'audit', collections: [collection('logs')] }],
      objects: [owned('collection', 'audit.logs', false)],
    }),
  ),
};

interface Comment {
  id: number;
  body: string;
  user: { type: string };
}

/** As much of GitHub as the comment needs. */
async function withGithub(comments: Comment[], status: number, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(async (message: IncomingMessage, response) => {
    let text = '';
    for await (const chunk of message) text += String(chunk);
    const { pathname, searchParams } = new URL(message.url ?? '', 'http://localhost');
    assert.equal(message.headers.authorization, 'Bearer secret-token');
    const page = Number(searchParams.get('page') ?? 1);
    const answer =
      message.method === 'GET'
        ? comments.slice((page - 1) * 100, page * 100)
        : message.method === 'POST'
          ? comments.push({ id: comments.length + 1, body: JSON.parse(text).body, user: { type: 'Bot' } })
          : Object.assign(
              comments.find(({ id }) => pathname.endsWith(`/issues/comments/${id}`)) ?? {},
              JSON.parse(text),
            );
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

async function act(cwd: string, env: Readonly<Record<string, string>>): Promise<{ code: number; out: string }> {
  const child = spawn('bash', [join(ROOT, 'scripts/action.sh')], {
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      ACTION_PATH: ROOT,
      GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'),
      GITHUB_REPOSITORY: 'acme/policies',
      GITHUB_EVENT_PATH: join(cwd, 'event.json'),
      GITHUB_TOKEN: 'secret-token',
      ...env,
    },
  });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  const [code] = await once(child, 'close');
  return { code, out };
}

const summary = (cwd: string): string => readFileSync(join(cwd, 'summary.md'), 'utf8');

test('every input reaches the script by the environment, and no expression stands in a script', () => {
  const { inputs, runs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));
  const { env } = runs.steps.at(-1);
  for (const name of Object.keys(inputs).filter((each) => each !== 'working-directory')) {
    assert.ok(Object.values(env).includes(`\${{ inputs.${name} }}`), name);
  }
  for (const { run = '' } of runs.steps) assert.doesNotMatch(run, /\$\{\{/);
});

test('lint, as before: annotations, a summary, SARIF', { skip: unbuilt }, async () => {
  await inFolder(FILES, async (cwd) => {
    const { code, out } = await act(cwd, { COMMAND: 'lint', SARIF_FILE: 'out.sarif', PATHS: 'policies\n' });
    assert.equal(code, 0, out);
    assert.match(out, /^::notice file=policies\/p\.yaml,/m);
    assert.match(summary(cwd), /^### mongoward policy lint\n/);
    assert.ok(existsSync(join(cwd, 'out.sarif')));
  });
});

test('drift: fails as the report does, and comments once, in the place of the comment before', {
  skip: unbuilt,
}, async () => {
  const person = { id: 1, body: '<!-- mongoward drift s.json -->\nquoted', user: { type: 'User' } };
  const comments: Comment[] = [
    person,
    ...Array.from({ length: 120 }, (_, at) => ({ id: at + 2, body: 'x', user: { type: 'Bot' } })),
  ];
  await inFolder(FILES, async (cwd) => {
    await withGithub(comments, 200, async (url) => {
      const drift = { COMMAND: 'drift', SNAPSHOT: 's.json', COMMENT: 'true', FAIL_ON: 'error', GITHUB_API_URL: url };
      const first = await act(cwd, drift);
      assert.equal(first.code, 1, first.out);
      assert.match(first.out, /^::error .*title=protection\/append-only::/m);
      assert.equal(comments.length, 122);
      const written = comments.at(-1);
      assert.match(written?.body ?? '', /^<!-- mongoward drift s\.json -->\n### mongoward drift report\n/);
      writeFileSync(join(cwd, 'policies/p.yaml'), POLICY.replace('append-only', 'none'));
      assert.equal((await act(cwd, drift)).code, 0);
      assert.equal(comments.length, 122);
      assert.doesNotMatch(comments.at(-1)?.body ?? '', /append-only/);
      assert.equal(person.body, '<!-- mongoward drift s.json -->\nquoted');
    });
  });
});

test('plan: a summary and a comment of what would change; a fork that may not comment fails nothing', {
  skip: unbuilt,
}, async () => {
  await inFolder(FILES, async (cwd) => {
    await withGithub([], 403, async (url) => {
      const plan = { COMMAND: 'plan', SNAPSHOT: 's.json', COMMENT: 'true', GITHUB_API_URL: url };
      const { code, out } = await act(cwd, plan);
      assert.equal(code, 0, out);
      assert.match(out, /^::warning::the pull request was not commented on: GitHub answered 403/m);
      assert.match(summary(cwd), /^### mongoward migrate plan\n/);
      const push = await act(cwd, { ...plan, GITHUB_EVENT_PATH: join(cwd, 'push.json') });
      assert.match(push.out, /This run is for no pull request/);
    });
  });
});

test('inputs are never run', { skip: unbuilt }, async () => {
  await inFolder(FILES, async (cwd) => {
    const evil = '$(touch evil)`touch evil`; touch evil';
    for (const COMMAND of ['lint', 'plan', 'drift', evil]) {
      const { code } = await act(cwd, { COMMAND, PATHS: evil, CLUSTER: evil, MAX_WARNINGS: evil, FAIL_ON: evil });
      assert.equal(code, 2);
    }
    assert.equal(existsSync(join(cwd, 'evil')), false);
  });
});
