/** A cluster of many accounts with a little of everything, for reports that are looked at. */
import assert from 'node:assert/strict';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import type { DriftDocument } from '../../src/report/drift/document.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, role, state, ttl, user } from '../support/build.ts';
import { drifted } from '../support/drift.ts';

export const ESTATE_POLICY = `apiVersion: mongoward/v1
metadata: { name: audit-trail }
inventory: closed
collections:
  audit.logs:
    protection: append-only
    access: { insert: [service@admin], read: ["CN=auditor,O=Acme@$external"] }
    dedicatedDatabase: true
    retention: forever
    encryption:
      keyVault: encryption.__keyVault
      kms: { provider: gcp, projectId: acme, location: europe-west1, keyRing: audit, keyName: master }
      fields: { user.email: { bsonType: string, algorithm: random, keyAltName: pii } }
  billing.ledger: { protection: append-only }
  hr.people: { protection: read-only }
roles:
  auditWriter@audit: { privileges: [{ on: audit.logs, allow: insert-only }] }
  auditReader@audit: { privileges: [{ on: audit.logs, allow: read-only }] }
users:
  service@admin: { roles: [auditWriter@audit], mechanisms: [SCRAM-SHA-256], password: { fromEnv: P } }
  "CN=auditor,O=Acme@$external": { roles: [auditReader@audit] }
restrictions:
  - { users: "*", on: audit.*, deny: [read, write, administer] }
unmanaged: ["ops-*@admin"]
breakGlass:
  - { user: root@admin, reason: cluster owner of last resort, until: 2026-12-06 }
  - { user: old@admin, reason: migration of 2025, until: 2026-10-01 }
cluster: { authorization: enabled, tls: requireTLS }
attestations:
  - { control: kafka-retention, value: 3d, owner: platform, reviewedOn: 2026-11-01, reviewEvery: 180d, evidence: "https://wiki.acme.test/kafka" }
  - { control: grafana-retention, value: 45d, owner: platform, reviewedOn: 2026-01-01, reviewEvery: 180d }
  - { control: alerting, value: PagerDuty on the trail's lag, owner: sre, reviewedOn: 2026-06-10, reviewEvery: 180d }
`;

const HELD = ['read@shop', 'readWrite@shop', 'dbAdmin@shop', 'readWrite@billing', 'read@hr', 'readAnyDatabase@admin'];

/** `size`: how many accounts there are besides the few that matter. */
export function estate(size: number): ClusterState {
  const many = Array.from({ length: size }, (_, at) =>
    user(`app-${String(at).padStart(3, '0')}@admin`, [HELD[at % HELD.length] ?? 'read@shop']),
  );
  return state({
    server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
    settings: { authorization: 'enabled', tls: 'preferTLS' },
    roles: [
      role('auditWriter@audit', { 'audit.logs': ['insert'] }),
      role('auditReader@audit', { 'audit.logs': ['find', 'listIndexes', 'collStats'] }),
      role('platform@admin', {}, ['userAdminAnyDatabase@admin']),
      role('team@shop', { 'shop.carts': ['find'] }, ['readWrite@shop']),
      role('ldap-writers@admin', { 'billing.ledger': ['insert', 'update'] }),
    ],
    users: [
      user('service@admin', ['auditWriter@audit']),
      user('CN=auditor,O=Acme@$external', ['auditReader@audit']),
      user('root@admin', ['root@admin']),
      user('old@admin', ['readWriteAnyDatabase@admin']),
      user('ops-backup@admin', ['backup@admin', 'restore@admin']),
      user('platform@admin', ['platform@admin']),
      user('keeper@admin', ['dbOwner@audit']),
      user('shop-admin@admin', ['userAdmin@shop', 'team@shop']),
      ...many,
    ],
    databases: [
      { name: 'audit', collections: [collection('logs', { indexes: [ttl(3600)] }), collection('carts')] },
      { name: 'billing', collections: [collection('ledger')] },
      { name: 'hr', collections: [collection('people')] },
      { name: 'encryption', collections: [collection('__keyVault')] },
      { name: 'shop', collections: [collection('carts')] },
    ],
    keyVaults: [{ ns: 'encryption.__keyVault', keys: [] }],
    objects: [],
  });
}

/** A report on such a cluster. */
export function documentOf(actual: ClusterState): DriftDocument {
  const { intent } = compilePolicy([parsePolicyFile({ file: 'policies/trail.yaml', text: ESTATE_POLICY })]);
  assert.ok(intent);
  return drifted(intent, actual);
}
