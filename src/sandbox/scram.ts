/** The server's side of SCRAM-SHA-1 and SCRAM-SHA-256 (RFC 5802, RFC 7677; manual, "SCRAM"). */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { getOrMake } from '../model/keyed.ts';

export type Mechanism = 'SCRAM-SHA-1' | 'SCRAM-SHA-256';
export const MECHANISMS: readonly Mechanism[] = ['SCRAM-SHA-1', 'SCRAM-SHA-256'];

/** As `admin.system.users` keeps them, under `credentials` and the mechanism's name. */
export interface ScramCredential {
  readonly iterationCount: number;
  readonly salt: string;
  readonly storedKey: string;
  readonly serverKey: string;
}

interface Parameters {
  readonly hash: 'sha1' | 'sha256';
  readonly iterationCount: number;
  readonly keySize: number;
}

/**
 * Passwords of a sandbox need not withstand guessing: 5000 is the least that a server can be told (manual, "MongoDB Server
 * Parameters"). A salt is four bytes shorter than the key.
 */
const ITERATION_COUNT = 5000;
const PARAMETERS: Readonly<Record<Mechanism, Parameters>> = {
  'SCRAM-SHA-1': { hash: 'sha1', iterationCount: ITERATION_COUNT, keySize: 20 },
  'SCRAM-SHA-256': { hash: 'sha256', iterationCount: ITERATION_COUNT, keySize: 32 },
};

export function isMechanism(name: unknown): name is Mechanism {
  return name === 'SCRAM-SHA-1' || name === 'SCRAM-SHA-256';
}

/** SCRAM-SHA-1 is keyed by this digest instead of the password itself, for old clients' sake. */
export function passwordDigest(user: string, password: string): string {
  return createHash('md5').update(`${user}:mongo:${password}`).digest('hex');
}

/**
 * `secret`: the digest for SCRAM-SHA-1, the password for SCRAM-SHA-256. Whoever asks for the same again gets the same, salt
 * included: many sandboxes are started with one password, and most of the time that takes is hashing it.
 */
export function makeCredential(mechanism: Mechanism, secret: string): ScramCredential {
  const key = hmac('sha256', KNOWN_BY, `${mechanism}\0${secret}`).toString('base64');
  return getOrMake(made, key, () => newCredential(mechanism, secret));
}

/** By a digest that nobody else can make: no secret is kept. */
const made = new Map<string, ScramCredential>();
const KNOWN_BY = randomBytes(32);

function newCredential(mechanism: Mechanism, secret: string): ScramCredential {
  const { hash, iterationCount, keySize } = PARAMETERS[mechanism];
  const salt = randomBytes(keySize - 4);
  // SASLprep for what passwords are made of: compatibility composition.
  const prepared = mechanism === 'SCRAM-SHA-256' ? secret.normalize('NFKC') : secret;
  const salted = pbkdf2Sync(prepared, salt, iterationCount, keySize, hash);
  const clientKey = hmac(hash, salted, 'Client Key');
  return {
    iterationCount,
    salt: salt.toString('base64'),
    storedKey: createHash(hash).update(clientKey).digest('base64'),
    serverKey: hmac(hash, salted, 'Server Key').toString('base64'),
  };
}

function hmac(hash: string, key: Buffer, text: string): Buffer {
  return createHmac(hash, key).update(text).digest();
}

/** Stands in for a user that does not exist, so that a client can't tell; the salt is always the same for the name. */
const DECOY_SECRET = randomBytes(32);

function decoyCredential(mechanism: Mechanism, db: string, user: string): ScramCredential {
  const { iterationCount, keySize } = PARAMETERS[mechanism];
  const salt = hmac('sha256', DECOY_SECRET, `${mechanism}\0${db}\0${user}`).subarray(0, keySize - 4);
  const key = randomBytes(keySize).toString('base64');
  return { iterationCount, salt: salt.toString('base64'), storedKey: key, serverKey: key };
}

/** A conversation that waits for the client's proof. */
export interface Conversation {
  readonly mechanism: Mechanism;
  readonly user: string;
  readonly db: string;
  /** The second message from the client gives the server's signature, or nothing if the proof is wrong. */
  finish(clientFinal: string): string | undefined;
}

interface FirstStep {
  readonly conversation: Conversation;
  readonly serverFirst: string;
}

/** Parses `n,a=authzid,n=user,r=nonce`; nothing if it is not well-formed or wants channel binding. */
function parseClientFirst(message: string): { user: string; nonce: string; bare: string } | undefined {
  const match = /^[ny],(?:a=[^,]*)?,(n=([^,]+),r=([^,]+)(?:,.*)?)$/su.exec(message);
  const [, bare, name, nonce] = match ?? [];
  if (bare === undefined || name === undefined || nonce === undefined) return undefined;
  return { bare, nonce, user: name.replaceAll('=2C', ',').replaceAll('=3D', '=') };
}

/**
 * Answers the client's first message.
 * `credentialOf` gives the user's credential for the mechanism; nothing for a user without one.
 */
export function startScram(
  mechanism: Mechanism,
  db: string,
  clientFirst: string,
  credentialOf: (user: string) => ScramCredential | undefined,
): FirstStep | undefined {
  const parsed = parseClientFirst(clientFirst);
  if (parsed === undefined) return undefined;
  const { user, bare } = parsed;
  const credential = credentialOf(user) ?? decoyCredential(mechanism, db, user);
  const nonce = parsed.nonce + randomBytes(24).toString('base64');
  const serverFirst = `r=${nonce},s=${credential.salt},i=${credential.iterationCount}`;
  const finish = (clientFinal: string): string | undefined =>
    verify(PARAMETERS[mechanism].hash, credential, nonce, `${bare},${serverFirst}`, clientFinal);
  return { conversation: { mechanism, user, db, finish }, serverFirst };
}

function verify(
  hash: string,
  credential: ScramCredential,
  nonce: string,
  soFar: string,
  clientFinal: string,
): string | undefined {
  const match = /^(c=[^,]+,r=([^,]+)(?:,.*)?),p=([^,]+)$/su.exec(clientFinal);
  const [, withoutProof, echoed, proof] = match ?? [];
  if (withoutProof === undefined || proof === undefined || echoed !== nonce) return undefined;
  const authMessage = `${soFar},${withoutProof}`;
  const storedKey = Buffer.from(credential.storedKey, 'base64');
  const signature = hmac(hash, storedKey, authMessage);
  const proofBytes = Buffer.from(proof, 'base64');
  if (proofBytes.length !== signature.length) return undefined;
  const clientKey = signature.map((byte, at) => byte ^ (proofBytes[at] ?? 0));
  if (!timingSafeEqual(createHash(hash).update(clientKey).digest(), storedKey)) return undefined;
  return `v=${hmac(hash, Buffer.from(credential.serverKey, 'base64'), authMessage).toString('base64')}`;
}
