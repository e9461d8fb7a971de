import type { LintRule } from '../../rule.ts';
import { partOf } from '../place.ts';
import { sealedCollections } from './fields.ts';

/** What the provider's masterKey document must have. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  aws: ['region', 'key'],
  azure: ['keyVaultEndpoint', 'keyName'],
  gcp: ['projectId', 'location', 'keyRing', 'keyName'],
  kmip: [],
  local: [],
};

export const masterKey: LintRule = {
  kind: 'checks',
  name: 'encryption/master-key',
  description: 'The master key is named incompletely, so that no data key can be made',
  recommended: 'error',
  source:
    'client-side encryption specification, masterKey; libmongocrypt, mongocrypt-kek.c: a missing field is refused',
  check: (context) =>
    sealedCollections(context).flatMap(({ collection, encryption: { kms } }) => {
      if (kms === undefined) return [];
      const missing = (REQUIRED[kms.provider] ?? []).filter((name) => kms[name] === undefined || kms[name] === '');
      if (missing.length === 0) return [];
      const at = partOf(context, collection.origin, ['encryption', 'kms']);
      const message = `the driver can't find the master key, refuses to make data keys, and nothing can be sealed: ${kms.provider} needs ${missing.join(', ')} besides`;
      return [{ message, at }];
    }),
};
