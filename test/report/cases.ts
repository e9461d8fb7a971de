/** One policy and one cluster with a little of everything to report. */
import { type Evidence, evidenceOf } from '../../src/report/evidence.ts';
import { collection, intent, owned, role, state, ttl, user } from '../support/build.ts';

export const TODAY = '2026-11-23';

export const POLICY = intent(`
roles:
  writer@audit: {privileges: [{on: audit.logs, allow: insert-only}]}
  items@admin: {privileges: [{on: orders.items, allow: [find, insert]}]}
users:
  service@admin: {roles: [writer@audit], mechanisms: [SCRAM-SHA-256], password: {fromEnv: SERVICE_PASSWORD}}
collections:
  audit.logs: {protection: append-only, schema: {bsonType: object}}
breakGlass: [{user: root@admin, reason: owner, until: 2027-06-30}]
attestations: [{control: kafka, value: 3d, owner: p, reviewedOn: 2026-11-01, reviewEvery: 180d}]
`);

export const CLUSTER = state({
  roles: [role('items@admin', { 'orders.items': ['find', 'remove'] })],
  users: [
    user('app@admin', ['readWrite@audit', 'items@admin']),
    user('gone@admin', ['read@orders']),
    user('root@admin', ['root@admin']),
  ],
  databases: [{ name: 'audit', collections: [collection('logs', { indexes: [ttl(3600)] })] }],
  objects: [owned('role', 'items@admin', false), owned('user', 'gone@admin')],
  unreadable: [{ what: 'databases.hr', why: 'not authorized on hr to execute command listCollections' }],
});

/** What a report on that is made from, without a date. */
export const EVIDENCE: Evidence = evidenceOf({
  today: TODAY,
  tool: 'mongoward 1.2.3',
  policies: [POLICY],
  sources: [{ kind: 'snapshot', name: 'prod.json', state: CLUSTER }],
});

/** Of nothing in particular. */
export const NO_EVIDENCE: Evidence = evidenceOf({ today: TODAY, tool: 'mongoward 1.2.3' });

/** Lines that are wider than a terminal of 80 columns although they could be broken. */
export function tooWide(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.length > 80 && line.trim().includes(' '));
}
