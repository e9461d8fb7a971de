/** How the connection to a server is secured: asked by a connection of its own, since the driver shows none of its own. */
import { X509Certificate } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import type { MongoClient, MongoOptions } from 'mongodb';

export type Connection = { readonly tls: false; readonly loopback: boolean } | SecuredConnection;

export interface SecuredConnection {
  readonly tls: true;
  /** `TLSv1.3` */
  readonly protocol: string;
  /** Whether the client refuses a server whose certificate is not good, or is another host's. */
  readonly verified: boolean;
  readonly server: Certificate;
  /** What the client shows, if it does. */
  readonly client?: Certificate;
}

export interface Certificate {
  /** `CN=db1,O=Acme` */
  readonly subject: string;
  /** The last day, `YYYY-MM-DD`, in UTC. */
  readonly until: string;
  /** Whole days from now to its end; negative if it has ended. */
  readonly days: number;
}

const TIMEOUT_MS = 3000;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Of the first server of the connection string. Throws an Error that says what went wrong. */
export async function readConnection(client: MongoClient, now: Date): Promise<Connection> {
  const { options } = client;
  const [address] = options.hosts;
  const { host = 'localhost', port = 27017, socketPath } = address ?? {};
  if (options.tls !== true) return { tls: false, loopback: socketPath !== undefined || LOOPBACK.test(host) };
  const socket = await handshake(host, port, options);
  try {
    const peer = socket.getPeerX509Certificate();
    if (peer === undefined) throw new Error('the server shows no certificate');
    const own = options.cert;
    return {
      tls: true,
      protocol: socket.getProtocol() ?? 'unknown',
      // What the options tlsInsecure, tlsAllowInvalidCertificates and tlsAllowInvalidHostnames become.
      verified: options.rejectUnauthorized !== false && options.checkServerIdentity === undefined,
      server: certificate(peer, now),
      ...(typeof own === 'string' || own instanceof Uint8Array
        ? { client: certificate(new X509Certificate(own), now) }
        : {}),
    };
  } finally {
    socket.destroy();
  }
}

/** Nothing is sent: what the server shows is looked at whether it is good or not, and whether it is was the driver's to say. */
function handshake(host: string, port: number, { ca, cert, key, passphrase }: MongoOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const given = Object.entries({ ca, cert, key, passphrase }).filter(([, value]) => value !== undefined);
    const name = /[a-z]/i.test(host) && !host.includes(':') ? { servername: host } : {};
    const socket = connect({ host, port, ...name, ...Object.fromEntries(given), rejectUnauthorized: false });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
}

const DAY_MS = 86_400_000;

function certificate({ subject, validTo }: X509Certificate, now: Date): Certificate {
  const end = new Date(validTo);
  return {
    // A certificate may name nobody: then there is no subject, whatever the types say.
    subject: (subject || 'no name').split('\n').reverse().join(','),
    until: end.toISOString().slice(0, 10),
    days: Math.floor((end.getTime() - now.getTime()) / DAY_MS),
  };
}
