/** Certificates made by `openssl`, for a server and its clients. */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface Authority {
  /** The file of its certificate. */
  readonly file: string;
  /**
   * A certificate and its key in one file. `subject` as openssl takes it: `/O=Acme/CN=auditor`. It is good for 127.0.0.1
   * and localhost, and ends `days` from now.
   */
  issue(name: string, subject: string, days: number): Promise<string>;
}

/** An authority of one's own. Everything is kept in `folder`. */
export async function newAuthority(folder: string, name = 'ca'): Promise<Authority> {
  const at = (file: string): string => join(folder, file);
  const file = at(`${name}.pem`);
  const key = at(`${name}.key`);
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', file, '-days', '30'];
  await run('openssl', ['req', '-x509', ...made, '-subj', `/O=Test/CN=${name}`]);
  return {
    file,
    issue: async (holder, subject, days) => {
      const [own, request, signed] = [at(`${holder}.key`), at(`${holder}.csr`), at(`${holder}.crt`)];
      await run('openssl', ['req', '-newkey', 'rsa:2048', '-nodes', '-keyout', own, '-out', request, '-subj', subject]);
      writeFileSync(at('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
      const by = ['-CA', file, '-CAkey', key, '-CAcreateserial', '-extfile', at('names')];
      await run('openssl', ['x509', '-req', '-in', request, ...by, '-out', signed, '-days', String(days)]);
      const both = at(`${holder}.pem`);
      writeFileSync(both, readFileSync(signed, 'utf8') + readFileSync(own, 'utf8'));
      return both;
    },
  };
}
