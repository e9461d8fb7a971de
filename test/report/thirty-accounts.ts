/** A cluster that others have left, with thirty accounts, and a policy that keeps all but two out of the audit trail. */
import { type Evidence, evidenceOf } from '../../src/report/evidence.ts';
import { collection, intent, role, state, user } from '../support/build.ts';
import { TODAY } from './cases.ts';

const DATABASES = Array.from({ length: 20 }, (_, n) => `db${n}`);

/** Applications, people, tools; one account is to gain. */
export const ESTATE = state({
  roles: [
    role('appCommon@admin', { '*.features': ['find'] }),
    role('support@admin', { '*.*': ['find', 'listCollections'] }, ['read@db1']),
  ],
  users: [
    user('root@admin', ['root@admin']),
    user('bi@admin', ['readAnyDatabase@admin']),
    user('etl@admin', ['readWriteAnyDatabase@admin']),
    user('legacy@admin', ['readWriteAnyDatabase@admin', 'dbAdminAnyDatabase@admin']),
    user('service@admin', ['readWrite@audit', 'readWrite@db0']),
    user('monitoring@admin', ['clusterMonitor@admin']),
    ...DATABASES.slice(0, 15).map((db) => user(`${db}-app@admin`, [`readWrite@${db}`, 'appCommon@admin'])),
    ...DATABASES.slice(15).map((db) => user(`${db}-svc@${db}`, [`dbOwner@${db}`])),
    ...['jo', 'kim', 'lee', 'max'].map((name) => user(`${name}@admin`, ['support@admin'])),
  ],
  databases: ['audit', ...DATABASES].map((name) => ({ name, collections: [collection('logs')] })),
});

/** What the policy says after its name. */
export const KEEP_OUT_LINES = `
collections: {audit.logs: {protection: append-only, access: {insert: [service@admin], read: [auditor@admin]}, remedy: rewrite}}
roles:
  writer@audit: {privileges: [{on: audit.logs, allow: insert-only}]}
  reader@audit: {privileges: [{on: audit.logs, allow: read-only}]}
users:
  service@admin: {roles: [writer@audit, readWrite@db0]}
  auditor@admin: {roles: [reader@audit], password: {fromEnv: P}}
restrictions: [{users: "*", on: audit.*, deny: [read, write, administer], remedy: rewrite}]
breakGlass: [{user: root@admin, reason: owner, until: 2027-06-30}]
`;

export const KEEP_OUT = intent(KEEP_OUT_LINES);

export const ESTATE_EVIDENCE: Evidence = evidenceOf({
  today: TODAY,
  tool: 'mongoward 1.2.3',
  policies: [KEEP_OUT],
  sources: [{ kind: 'snapshot', name: 'prod.json', state: ESTATE }],
});
