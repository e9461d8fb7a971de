import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { listen } from '../../src/watch/listen.ts';
import { rounds } from '../../src/watch/rounds.ts';
import { call, signature } from '../../src/watch/webhook.ts';
import { scaled } from '../support/scaled.ts';

interface Got {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

async function get(
  port: number,
  path: string,
  options: { readonly method?: string; readonly host?: string } = {},
): Promise<Got> {
  const { method = 'GET', host = `127.0.0.1:${port}` } = options;
  const sent = request({ host: '127.0.0.1', port, path, method, headers: { host } }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, type: response.headers['content-type'], text };
}

test('metrics, the page and health are answered once there are any; nothing else is', async () => {
  let metrics: string | undefined;
  let healthy = true;
  const answers = { metrics: () => metrics, report: () => '<p>page', isHealthy: () => healthy };
  const listener = await listen({ host: '127.0.0.1', port: 0 }, answers);
  try {
    const { port } = listener;
    assert.equal((await get(port, '/metrics')).status, 503);
    metrics = 'up 1\n';
    assert.deepEqual(await get(port, '/metrics?x=1'), {
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      text: 'up 1\n',
    });
    assert.deepEqual(await get(port, '/report'), { status: 200, type: 'text/html; charset=utf-8', text: '<p>page' });
    assert.equal((await get(port, '/healthz')).status, 200);
    healthy = false;
    assert.equal((await get(port, '/healthz')).status, 503);
    assert.equal((await get(port, '/../etc/passwd')).status, 404);
    assert.equal((await get(port, '/metrics', { method: 'POST' })).status, 405);
    assert.equal((await get(port, '/report', { host: 'evil.example' })).status, 403);
    assert.equal((await get(port, '/report', { host: `localhost:${port}` })).status, 200);
  } finally {
    await listener.close();
  }
});

test('a round never begins before the one before it has ended, and the end waits for it; thousands of them leave nothing behind', async () => {
  const most = scaled(10_000);
  const controller = new AbortController();
  let running = 0;
  let count = 0;
  const work = async (): Promise<void> => {
    assert.equal(running++, 0);
    await Promise.resolve();
    running--;
    if (++count === most) controller.abort();
  };
  await rounds(work, { interval: 0, random: () => 0.5, ending: controller.signal });
  assert.deepEqual([count, running], [most, 0]);
});

const CHANGE = {
  cluster: 'prod',
  policy: 'trail',
  added: [{ kind: 'stranger', rule: 'inventory/stranger', severity: 'error', target: 'x@y', message: '<@U1> *x*' }],
  gone: [{ rule: 'cluster/tls', target: 'cluster', message: 'old' }],
} as const;

async function called(form: 'json' | 'slack', secret?: string) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const received = once(server, 'request').then(async ([message, response]) => {
    let body = '';
    for await (const chunk of message) body += String(chunk);
    response.end();
    return { body, signed: message.headers['x-mongoward-signature'] as string | undefined };
  });
  await call({ url: `http://127.0.0.1:${port}/secret`, form, secret }, CHANGE);
  server.close();
  return received;
}

test('a change is sent as JSON, signed with the secret', async () => {
  const { body, signed } = await called('json', 'key');
  assert.deepEqual(JSON.parse(body), {
    event: 'drift',
    cluster: 'prod',
    policy: 'trail',
    added: [{ severity: 'error', rule: 'inventory/stranger', target: 'x@y', message: '<@U1> *x*' }],
    gone: [{ rule: 'cluster/tls', target: 'cluster', message: 'old' }],
  });
  assert.equal(signed, signature(body, 'key'));
  // RFC 4231 has no case in text; this one is of the HMAC's own article.
  assert.equal(
    signature('The quick brown fox jumps over the lazy dog', 'key'),
    'sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8',
  );
});

test("in Slack's form a name is no mention and no mark-up", async () => {
  const { body, signed } = await called('slack');
  assert.equal(
    JSON.parse(body).text,
    'Drift of prod from policy trail: 1 new, 1 gone\n• *new error* &lt;@U1&gt; \u200a*x\u200a*\n• gone: old',
  );
  assert.equal(signed, undefined);
});

test('a webhook that does not answer is named by its host alone', async () => {
  await assert.rejects(call({ url: 'http://127.0.0.1:1/secret', form: 'json' }, CHANGE), (error: Error) => {
    assert.equal(error.message, '127.0.0.1:1 could not be called');
    return true;
  });
});
