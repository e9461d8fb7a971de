/** The kinds of finding that are not in the table of cases: the file beside this folder and the test that causes them. */
import type { DriftRuleName } from '../../../src/drift/rules.ts';

export interface OtherTest {
  readonly file: string;
  readonly title: string;
}

/** What the server is: the settings that it has, demanded otherwise. */
const OTHERWISE: OtherTest = {
  file: 'drift.test.ts',
  title: 'what the deployment is, demanded otherwise, is found; demanded as it is, nothing is',
};

/** What takes a server of one's own. */
const own = (title: string): OtherTest => ({ file: 'drift-deployment.test.ts', title });

export const ELSEWHERE: Readonly<Partial<Record<DriftRuleName, OtherTest>>> = {
  'cluster/localhost-exception': OTHERWISE,
  'cluster/javascript': OTHERWISE,
  'cluster/auditing': OTHERWISE,
  'cluster/encryption-at-rest': OTHERWISE,
  'cluster/mechanisms': OTHERWISE,
  'cluster/bind-ip': OTHERWISE,
  'cluster/tls': OTHERWISE,
  'cluster/authorization': own('cluster/authorization: a server without it, restarted with it'),
  'cluster/tls-version': own('cluster/tls-version: a server that speaks TLS 1.1, restarted without it'),
  'cluster/end-of-life': own('cluster/end-of-life: a server of a release line that has ended, upgraded'),
};
