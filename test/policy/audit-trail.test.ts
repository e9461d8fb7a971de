import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Intent } from '../../src/policy/intent.ts';
import { compile, privilege, ref, refs } from '../support/build.ts';

const FILE = 'policies/audit-trail.yaml';
const text = readFileSync(new URL(`../../${FILE}`, import.meta.url), 'utf8');

/** Origins as `line:column`, so that an intent can be compared. */
function plain(value: unknown): unknown {
  if (typeof value === 'function') {
    const { file, line, column } = value();
    assert.equal(file, FILE);
    return `${line}:${column}`;
  }
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, plain(item)]));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

const SERVICE = { user: 'crud-service', db: 'admin' };
const AUDITOR = { user: 'CN=auditor,O=Acme', db: '$external' };

/** A role of the policy with its one privilege. */
function grants(name: string, origin: string, at: string, ...granted: ReturnType<typeof privilege>[]): object {
  return {
    role: { ...ref(name), privileges: granted, roles: [] },
    grants: granted.map((one) => ({ kind: 'privilege', privilege: one, origin: at })),
    adopted: false,
    origin,
  };
}

const EXPECTED: Record<keyof Intent, unknown> = {
  policy: 'audit-trail',
  description: 'Audit logs are written once, read by auditors, and sealed where they are sensitive.',
  roles: [
    grants('auditWriter@audit', '27:3', '29:9', privilege('audit.logs', 'insert')),
    grants('auditReader@audit', '30:3', '32:9', privilege('audit.logs', 'collStats', 'find', 'listIndexes')),
    grants('auditKeyUser@encryption', '33:3', '35:9', privilege('encryption.__keyVault', 'find')),
  ],
  users: [
    {
      user: {
        ...SERVICE,
        roles: refs('auditWriter@audit', 'auditKeyUser@encryption'),
        mechanisms: ['SCRAM-SHA-256'],
        authenticationRestrictions: [{ clientSource: ['10.20.0.0/16'] }],
      },
      grants: [
        { kind: 'role', role: ref('auditWriter@audit'), origin: '39:13' },
        { kind: 'role', role: ref('auditKeyUser@encryption'), origin: '39:32' },
      ],
      password: { fromEnv: 'CRUD_SERVICE_PASSWORD' },
      adopted: false,
      origin: '38:3',
    },
    {
      user: { ...AUDITOR, roles: refs('auditReader@audit', 'auditKeyUser@encryption') },
      grants: [
        { kind: 'role', role: ref('auditReader@audit'), origin: '44:13' },
        { kind: 'role', role: ref('auditKeyUser@encryption'), origin: '44:32' },
      ],
      adopted: false,
      origin: '43:3',
    },
  ],
  collections: [
    {
      ns: { db: 'audit', collection: 'logs' },
      protection: 'append-only',
      access: new Map([
        ['insert', [SERVICE]],
        ['read', [AUDITOR]],
      ]),
      remedy: 'report',
      dedicatedDatabase: true,
      retention: {},
      schema: { bsonType: 'object', required: ['timestamp', 'event', 'severity'] },
      validation: {
        validator: {
          $jsonSchema: {
            bsonType: 'object',
            required: ['timestamp', 'event', 'severity'],
            properties: {
              request: { bsonType: 'object', properties: { body: encrypt('object', 'Random') } },
              user: {
                bsonType: 'object',
                properties: { email: encrypt('string', 'Deterministic'), ip: encrypt('string', 'Random') },
              },
            },
          },
        },
        validationLevel: 'strict',
        validationAction: 'error',
      },
      encryption: {
        keyVault: 'encryption.__keyVault',
        kms: { provider: 'gcp', projectId: 'acme', location: 'europe-west1', keyRing: 'audit', keyName: 'master' },
        fields: {
          'user.email': { bsonType: 'string', algorithm: 'deterministic', keyAltName: 'audit-pii' },
          'user.ip': { bsonType: 'string', algorithm: 'random', keyAltName: 'audit-pii' },
          'request.body': { bsonType: 'object', algorithm: 'random', keyAltName: 'audit-pii' },
        },
      },
      origin: '8:3',
    },
  ],
  restrictions: [
    {
      users: [{ kind: 'pattern', pattern: '*' }],
      except: [{ user: 'backup', db: 'admin' }],
      on: ['audit.*'],
      deny: ['read', 'insert', 'alter', 'destroy', 'unseal', 'suppress', 'administer'],
      remedy: 'rewrite',
      origin: '47:5',
    },
  ],
  unmanaged: [],
  inventory: 'open',
  breakGlass: [
    {
      user: { user: 'root', db: 'admin' },
      reason: 'cluster owner of last resort',
      until: '2027-06-30',
      origin: '53:5',
    },
  ],
  acceptedRisks: [],
  cluster: { authorization: 'enabled', tls: 'requireTLS', version: '>=5.0' },
  attestations: [
    attestation('kafka-retention', '3d', '61:5'),
    attestation('grafana-retention', '45d', '62:5'),
    attestation('kafka-transport', 'SASL_SSL/SCRAM-SHA-512', '63:5'),
  ],
  files: [FILE],
};

function encrypt(bsonType: string, algorithm: string): object {
  return { encrypt: { bsonType, algorithm: `AEAD_AES_256_CBC_HMAC_SHA_512-${algorithm}` } };
}

function attestation(control: string, value: string, origin: string): object {
  return { control, value, owner: 'platform', reviewedOn: '2026-11-01', reviewEvery: '180d', origin };
}

test('the shipped policy compiles, and means what it says', () => {
  const compiled = compile({ [FILE]: text });
  assert.deepEqual(compiled.problems, []);
  assert.deepEqual(plain(compiled.intent), EXPECTED);
});
