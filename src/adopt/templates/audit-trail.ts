/** An audit trail for a collection of anybody's: what is not known of it is left as gaps. */

import { roleGraph } from '../../model/graph.ts';
import { formatUser, type Namespace } from '../../model/names.ts';
import type { ClusterState } from '../../state/state.ts';
import { dangersOf } from '../dangers.ts';
import { scalar } from '../write.ts';
import { type AccountText, accountText, type Present } from './account.ts';
import { type Gap, gapsBlock, written } from './fill-in.ts';

export interface TrailParameters {
  readonly name: string;
  readonly collection: Namespace;
  readonly writer?: string;
  readonly readers: readonly string[];
  /** aws, azure, gcp, kmip or local; absent: to be said. */
  readonly kms?: string;
  readonly encryption: boolean;
  /** Who answers for what MongoDB can't show; absent: nothing is declared. */
  readonly owner?: string;
  readonly breakGlass: readonly string[];
  readonly clientSource: readonly string[];
}

export interface FromTemplate {
  readonly text: string;
  /** What the policy promises, to be tried by `policy test`; nothing while it is not known of whom. */
  readonly expectations?: string;
  readonly accounts: readonly AccountText[];
}

/** `state`: of the cluster, where somebody has looked. */
export function auditTrail(parameters: TrailParameters, present: Present, state?: ClusterState): FromTemplate {
  const { name, collection: ns, encryption, owner } = parameters;
  const gaps: Gap[] = [];
  const gap = (key: string, about: string): string => {
    gaps.push({ name: key, about });
    return `\${${key}}`;
  };
  const collection = `${ns.db}.${ns.collection}`;
  const writer = parameters.writer ?? gap('writer', 'the account that writes the trail, as name@db');
  const readers =
    parameters.readers.length > 0
      ? parameters.readers
      : [gap('auditor', 'the account that reads the trail, as name@db')];
  const sealed = encryption ? encryptionLines(parameters.kms, gap) : [];
  const keyUser = encryption ? ['auditKeyUser@encryption'] : [];
  const accounts = [
    accountText(
      {
        name: writer,
        roles: [`auditWriter@${ns.db}`, ...keyUser],
        passwordFrom: 'AUDIT_WRITER_PASSWORD',
        clientSource: parameters.clientSource,
      },
      present,
    ),
    ...readers.map((reader, at) =>
      accountText(
        {
          name: reader,
          roles: [`auditReader@${ns.db}`, ...keyUser],
          passwordFrom: `AUDITOR_PASSWORD${at === 0 ? '' : `_${at + 1}`}`,
          clientSource: [],
        },
        present,
      ),
    ),
  ];
  const users = accounts.flatMap(({ text }) => text ?? []);
  const known = [...new Set([...parameters.breakGlass, ...administrators(state)])];
  const lastResort = (
    known.length > 0 ? known : [gap('lastResort', 'the account that keeps the administration of users')]
  ).map(
    (user) =>
      `  - { user: ${written(user)}, reason: ${gapOnce(gaps, 'lastResortReason', 'why it stays')}, until: ${gapOnce(gaps, 'lastResortUntil', 'until when, YYYY-MM-DD')} }`,
  );
  const attested = owner === undefined ? [] : attestationLines(owner, gap);
  const body = [
    '',
    'collections:',
    `  ${scalar(collection)}:`,
    '    protection: append-only # nobody changes or removes, whichever roles they hold; only breakGlass is exempt',
    '    access: # who may, and nobody else',
    `      insert: [${written(writer)}]`,
    `      read: [${readers.map(written).join(', ')}]`,
    ...dedicatedLines(ns, state),
    '    retention: forever # no TTL index, not capped; or {atLeast: 365d}',
    ...schemaLines(ns, state),
    ...sealed,
    '',
    'roles:',
    `  auditWriter@${ns.db}:`,
    '    privileges:',
    `      - { on: ${scalar(collection)}, allow: insert-only }`,
    `  auditReader@${ns.db}:`,
    '    privileges:',
    `      - { on: ${scalar(collection)}, allow: read-only }`,
    ...(encryption
      ? ['  auditKeyUser@encryption:', '    privileges:', '      - { on: encryption.__keyVault, allow: [find] }']
      : []),
    ...(users.length === 0 ? [] : ['', 'users:', ...users]),
    '',
    'restrictions:',
    '  - users: "*" # everybody else is kept out, and their grants are rewritten',
    `    on: ${scalar(`${ns.db}.*`)}`,
    '    deny: [read, write, administer]',
    '    remedy: rewrite # report: only say so',
    '',
    'breakGlass: # accounts of last resort, exempt from all of this',
    ...lastResort,
    '',
    'cluster: # what the deployment itself must be',
    '  authorization: enabled',
    '  tls: requireTLS',
    '  version: ">=5.0" # below, applyOps lets an insert-only account overwrite',
    ...attested,
  ];
  const text = [
    'apiVersion: mongoward/v1',
    'metadata:',
    `  name: ${scalar(name)}`,
    `  description: Documents of ${collection} are written once, read by auditors, and never changed.`,
    ...gapsBlock(gaps),
    ...body,
    '',
  ].join('\n');
  const isKnown = parameters.writer !== undefined && parameters.readers.length > 0 && known.length > 0;
  return {
    text,
    accounts,
    ...(isKnown && { expectations: expectationsText(name, collection, writer, readers, known) }),
  };
}

function expectationsText(
  name: string,
  collection: string,
  writer: string,
  readers: readonly string[],
  exempt: readonly string[],
): string {
  const list = (names: readonly string[]): string => `[${names.map(scalar).join(', ')}]`;
  return `apiVersion: mongoward/v1
test: ${scalar(name)}
description: What the audit trail promises, tried by mongoward policy test.

expect:
  # What accounts need for their work
  - { as: ${scalar(writer)}, may: insert, on: ${scalar(collection)} }
  - { as: ${list(readers)}, may: [find, listIndexes], on: ${scalar(collection)} }

  # Nobody alters, destroys or opens the trail, by any way
  - { as: "*", mayNot: [alter, destroy, unseal, suppress, administer], on: ${scalar(collection)}, except: ${list(exempt)} }
  - { as: "*", mayNot: insert, on: ${scalar(collection)}, except: ${list([writer, ...exempt])} }
  - { as: "*", mayNot: read, on: ${scalar(collection)}, except: ${list([...readers, ...exempt])} }
`;
}

function gapOnce(gaps: Gap[], name: string, about: string): string {
  if (!gaps.some((gap) => gap.name === name)) gaps.push({ name, about });
  return written(`\${${name}}`);
}

type GapOf = (key: string, about: string) => string;

/** What a master key is named by, in MongoDB's words. */
const MASTER_KEYS: Readonly<Record<string, readonly (readonly [part: string, gap: string, about: string])[]>> = {
  aws: [
    ['region', 'kmsRegion', 'the region of the master key'],
    ['key', 'kmsKey', 'the ARN of the master key'],
  ],
  azure: [
    ['keyVaultEndpoint', 'kmsKeyVaultEndpoint', 'the host of the Azure Key Vault'],
    ['keyName', 'kmsKeyName', 'the name of the master key'],
  ],
  gcp: [
    ['projectId', 'kmsProjectId', 'the project of the master key'],
    ['location', 'kmsLocation', 'its region, such as europe-west1'],
    ['keyRing', 'kmsKeyRing', 'its key ring'],
    ['keyName', 'kmsKeyName', 'its name'],
  ],
  kmip: [['keyId', 'kmsKeyId', 'the identifier of the master key']],
  local: [],
};

export const KMS_PROVIDERS = Object.keys(MASTER_KEYS);

function encryptionLines(kms: string | undefined, gap: GapOf): readonly string[] {
  const parts = (MASTER_KEYS[kms ?? ''] ?? []).map(([part, name, about]) => `${part}: ${written(gap(name, about))}`);
  const provider =
    kms ?? gap('kmsProvider', 'where the master key is: aws, azure, gcp, kmip or local (--kms asks for the rest)');
  return [
    '    encryption:',
    '      keyVault: encryption.__keyVault',
    `      kms: { ${[`provider: ${written(provider)}`, ...parts].join(', ')} }`,
    '      fields: # by path; deterministic where a field is looked for by its value',
    `        ${written(gap('sealedField', 'the path of a field that is sealed, such as user.email; more go below it'))}: { bsonType: string, algorithm: random, keyAltName: audit }`,
  ];
}

function attestationLines(owner: string, gap: GapOf): readonly string[] {
  const control = (name: string, about: string): string => {
    const key = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const value = gap(key, about);
    const day = gap(`${key}ReviewedOn`, 'the day on which somebody looked, YYYY-MM-DD');
    return `  - { control: ${name}, value: ${written(value)}, owner: ${scalar(owner)}, reviewedOn: ${written(day)}, reviewEvery: 180d }`;
  };
  return [
    '',
    "attestations: # what MongoDB can't show: take out what there is not",
    control('kafka-retention', 'how long Kafka keeps the events, such as 3d'),
    control('grafana-retention', 'how long Grafana keeps the logs, such as 45d'),
    control('kafka-transport', 'how Kafka is reached, such as SASL_SSL/SCRAM-SHA-512'),
  ];
}

/** A database in which other collections live can't be the trail's own. */
function dedicatedLines({ db, collection }: Namespace, state: ClusterState | undefined): readonly string[] {
  const others = (state?.databases?.find(({ name }) => name === db)?.collections ?? []).filter(
    ({ name }) => name !== collection && !name.startsWith('system.'),
  );
  if (others.length === 0) return ['    dedicatedDatabase: true # nothing else may live there'];
  const live = others.length === 1 ? 'another collection lives' : `${others.length} other collections live`;
  return [`    # dedicatedDatabase: true is not said, as ${live} in ${db}`];
}

/** The validator of a collection is the policy's: what is there already stays. */
function schemaLines({ db, collection }: Namespace, state: ClusterState | undefined): readonly string[] {
  const there = state?.databases?.find(({ name }) => name === db)?.collections?.find(({ name }) => name === collection);
  const validator: unknown = there?.options?.['validator'];
  if (typeof validator !== 'object' || validator === null) return [];
  const keys = Object.keys(validator);
  if (keys.length !== 1 || keys[0] !== '$jsonSchema') {
    return ['    # Its validator is no $jsonSchema alone: a migration would replace it.'];
  }
  return [`    schema: ${JSON.stringify(Object.values(validator)[0])}`];
}

/** Whom nothing can keep out: they are named, with a reason and a date, or the restriction can't be met. */
function administrators(state: ClusterState | undefined): readonly string[] {
  if (state?.roles === undefined || state.users === undefined) return [];
  const dangers = dangersOf(roleGraph(state.roles, state.server.version));
  return state.users
    .filter(({ roles }) => dangers(roles).some((danger) => danger.startsWith('can grant itself anything')))
    .map(formatUser);
}
