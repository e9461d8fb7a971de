/** Rules whose findings come about while files are read and compiled, or while suppressions are matched. */
import type { ReportedRule } from '../rule.ts';

/** A policy that breaks one of these can't be compiled: its level is `error`, always. */
const FATAL: readonly (readonly [name: string, description: string, source: string])[] = [
  ['document/syntax', 'The file is not plain YAML or JSON data', 'the YAML 1.2 specification'],
  [
    'document/hidden-character',
    'The file holds a character that nobody sees, or that shows as something else',
    'Unicode’s technical report 36, “Unicode Security Considerations”, and CVE-2021-42574 (“Trojan Source”)',
  ],
  ['document/schema', 'The file does not fit the schema of the policy language', 'schema/policy.schema.json'],
  [
    'document/name',
    'MongoDB refuses the name of a role, user, database or collection',
    "MongoDB's manual, “MongoDB Limits and Thresholds”: naming restrictions",
  ],
  [
    'document/duplicate',
    'The same role, user or collection is defined twice',
    'the policy language: of two definitions only one could be carried out',
  ],
  [
    'document/variable',
    'A variable has no value, or stands in the name of a policy',
    'the policy language: a reference to a variable stands for its value',
  ],
  [
    'document/unknown-role',
    'A role that is granted exists neither in the policy nor in MongoDB',
    'the server refuses it: RoleNotFound',
  ],
  ['document/role-cycle', 'Roles inherit each other', 'the server refuses it: InvalidRoleModification'],
  ['document/unknown-action', 'No release of MongoDB knows a privilege action', 'the server refuses it: FailedToParse'],
  [
    'document/other-database',
    'A role outside admin reaches another database or the cluster',
    'the server refuses it: InvalidRoleModification',
  ],
  [
    'document/builtin-role',
    'A role bears the name of a built-in role',
    'the server refuses it in admin; elsewhere it misleads whoever reads a grant',
  ],
  [
    'credentials/external-password',
    'A user of $external has a password or SCRAM mechanisms',
    "MongoDB's manual, “createUser”: users of $external have no password",
  ],
  [
    'encryption/deterministic-type',
    'A field is sealed deterministically, although MongoDB refuses that for its type',
    'libmongocrypt (mongocrypt-ctx-encrypt.c: “BSON type invalid for deterministic encryption”) and the query analysis library (error 31122)',
  ],
  [
    'encryption/field-path',
    'A sealed field has a name that no field can have',
    "MongoDB's manual, “Field Names”: dots separate, and names that begin with $ are operators",
  ],
  [
    'encryption/in-array',
    'A field inside an array is sealed',
    "MongoDB's manual, “CSFLE Encryption Schemas”: encrypt can't stand under items; the query analysis library, error 51077",
  ],
  [
    'encryption/managed-keys',
    'Data encryption keys are to be made, under no master key or under two',
    'the policy language: a key is made under one master key, and rewrapped where the policy names another',
  ],
  [
    'encryption/nested',
    'A field inside a sealed field is sealed again',
    'the query analysis library: no encrypt under a sealed field (errors 51077, 51096)',
  ],
  [
    'encryption/not-enforced',
    'The server takes plaintext where the policy wants a field sealed',
    'the server refuses encrypt in a validator that only warns or is moderate: QueryFeatureNotAllowed; one that is off checks nothing',
  ],
  [
    'encryption/schema-conflict',
    'The schema demands of a sealed field what ciphertext can’t fulfil',
    "MongoDB's manual, “CSFLE Encryption Schemas”: encrypt has no siblings; the query analysis library, errors 51077 and 51078",
  ],
  [
    'encryption/two-keys',
    'A sealed field names two data encryption keys',
    'the query analysis library: encrypt has one keyId; after a rotation the two may differ',
  ],
];

/** Reported by src/lint/elsewhere.ts, which sees all policies. */
export const OWNED_TWICE = 'document/owned-twice';

export const REPORTED: readonly ReportedRule[] = [
  ...FATAL.map(
    ([name, description, source]): ReportedRule => ({
      kind: 'reported',
      fatal: true,
      name,
      description,
      recommended: 'error',
      source,
    }),
  ),
  {
    kind: 'reported',
    fatal: false,
    name: OWNED_TWICE,
    description: 'Two policies define the same role, user or collection',
    recommended: 'info',
    strict: 'warning',
    source: 'the ownership record: on one cluster an object has one owner, and apply refuses it to the second',
  },
  {
    kind: 'reported',
    fatal: false,
    name: 'suppression/no-reason',
    description: 'A suppression gives no reason, or names no rule',
    recommended: 'error',
    source: 'whoever meets the suppression in a year must know why it stands there',
  },
  {
    kind: 'reported',
    fatal: false,
    name: 'suppression/unknown-rule',
    description: 'A suppression names a rule that does not exist',
    recommended: 'error',
    source: 'a misspelt name suppresses nothing, and looks as if it did',
  },
  {
    kind: 'reported',
    fatal: false,
    name: 'suppression/without-effect',
    description: 'A suppression suppresses nothing',
    recommended: 'warning',
    strict: 'error',
    source: 'what it excused is gone: the next finding there would be hidden unseen',
  },
  {
    kind: 'reported',
    fatal: false,
    name: 'suppression/expired',
    description: 'The date of a suppression has passed, and it has no effect any more',
    recommended: 'warning',
    strict: 'error',
    source: 'an exception with an end is reviewed at its end',
  },
];
