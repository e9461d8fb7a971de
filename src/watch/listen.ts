/** What answers while a watch is up: `/metrics` for Prometheus, `/healthz` for whoever keeps it alive, `/report` for people. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What there is to answer; a text is absent before the first round has ended. */
export interface Answers {
  metrics(): string | undefined;
  report(): string | undefined;
  /** Whether rounds end as they should. */
  isHealthy(): boolean;
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Listens there. Rejects with the system's error if it can't. */
export async function listen({ host, port }: Address, answers: Answers): Promise<Listener> {
  const server = createServer((request, response) => answer(request, response, answers, LOOPBACK.has(host)));
  server.headersTimeout = 5000;
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function answer(request: IncomingMessage, response: ServerResponse, answers: Answers, local: boolean): void {
  const { status, type, text } = replyTo(request, answers, local);
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

function replyTo({ method, url, headers }: IncomingMessage, answers: Answers, local: boolean): Reply {
  // A page of somebody else's, whose name leads here, may not read who can do what (DNS rebinding).
  if (local && !LOOPBACK.has(hostOf(headers.host))) return plain(403, 'forbidden');
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET and HEAD');
  switch (url?.split('?', 1)[0]) {
    case '/metrics':
      return whole('text/plain; version=0.0.4', answers.metrics());
    case '/':
    case '/report':
      return whole('text/html', answers.report());
    case '/healthz':
      return answers.isHealthy() ? plain(200, 'ok') : plain(503, 'no round has ended in time');
    default:
      return plain(404, 'there are /metrics, /healthz and /report');
  }
}

function whole(type: string, text: string | undefined): Reply {
  return text === undefined ? plain(503, 'the first round has not ended') : { status: 200, type, text };
}

function plain(status: number, text: string): Reply {
  return { status, type: 'text/plain', text: `${text}\n` };
}

function hostOf(header = ''): string {
  return header
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}
