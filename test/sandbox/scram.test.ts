import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { test } from 'node:test';
import { makeCredential, startScram } from '../../src/sandbox/scram.ts';

/** The client's side, as RFC 5802 writes it. */
function clientFinal(serverFirst: string, bare: string, password: string): { final: string; expected: string } {
  const [, nonce, salt, iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst) ?? [];
  assert.ok(nonce !== undefined && salt !== undefined);
  const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  const withoutProof = `c=biws,r=${nonce}`;
  const message = `${bare},${serverFirst},${withoutProof}`;
  const signature = hmac(createHash('sha256').update(clientKey).digest(), message);
  const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0))).toString('base64');
  const expected = `v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`;
  return { final: `${withoutProof},p=${proof}`, expected };
}

const CREDENTIAL = makeCredential('SCRAM-SHA-256', 'pencil');

test("the server's signature answers the right proof, and nothing a wrong one", () => {
  for (const { password, answers } of [
    { password: 'pencil', answers: true },
    { password: 'pen', answers: false },
  ]) {
    const first = startScram('SCRAM-SHA-256', 'admin', 'n,,n=user,r=nonce', () => CREDENTIAL);
    assert.ok(first !== undefined);
    const { final, expected } = clientFinal(first.serverFirst, 'n=user,r=nonce', password);
    assert.equal(first.conversation.finish(final), answers ? expected : undefined);
  }
});

test('a proof for another nonce is no proof', () => {
  const one = startScram('SCRAM-SHA-256', 'admin', 'n,,n=user,r=nonce', () => CREDENTIAL);
  const other = startScram('SCRAM-SHA-256', 'admin', 'n,,n=user,r=nonce', () => CREDENTIAL);
  assert.ok(one !== undefined && other !== undefined);
  const { final } = clientFinal(one.serverFirst, 'n=user,r=nonce', 'pencil');
  assert.equal(other.conversation.finish(final), undefined);
});

test('a user that does not exist gets the same salt every time, and never a signature', () => {
  const firsts = [1, 2].map(() => startScram('SCRAM-SHA-256', 'admin', 'n,,n=nobody,r=nonce', () => undefined));
  const salts = firsts.map((first) => /s=([^,]+)/.exec(first?.serverFirst ?? '')?.[1]);
  assert.equal(salts[0], salts[1]);
  assert.equal(salts[0]?.length, CREDENTIAL.salt.length);
  const { final } = clientFinal(firsts[0]?.serverFirst ?? '', 'n=nobody,r=nonce', 'pencil');
  assert.equal(firsts[0]?.conversation.finish(final), undefined);
});

test('a first message that is not well-formed, or wants channel binding, is not answered', () => {
  for (const message of ['', 'n', 'n,,', 'n,,n=,r=x', 'n,,r=x,n=user', 'p=tls-unique,,n=user,r=x', 'x,,n=user,r=x']) {
    assert.equal(
      startScram('SCRAM-SHA-1', 'admin', message, () => CREDENTIAL),
      undefined,
      message,
    );
  }
});

test('names may contain the commas and equals signs that the message escapes', () => {
  const first = startScram('SCRAM-SHA-1', 'admin', 'n,,n=a=2Cb=3Dc,r=nonce', () => CREDENTIAL);
  assert.equal(first?.conversation.user, 'a,b=c');
});
