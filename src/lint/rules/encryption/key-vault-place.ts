import { formatNamespace, parseNamespace } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';
import { partOf } from '../entry-place.ts';
import { sealedCollections } from './fields.ts';

export const keyVaultPlace: LintRule = {
  kind: 'checks',
  name: 'encryption/key-vault-place',
  description: 'The key vault lies in the database of the data that it seals, or where it is not replicated',
  recommended: 'warning',
  strict: 'error',
  source: "MongoDB's manual, “Encryption Key Vaults”; NIST SP 800-57: keys are kept apart from what they protect",
  check: (context) =>
    sealedCollections(context).flatMap(({ collection, encryption: { keyVault } }) => {
      const db = parseNamespace(keyVault)?.db;
      const at = partOf(context, collection.origin, ['encryption', 'keyVault']);
      if (db === 'local' || db === 'config') {
        const message = `${keyVault} is the servers' own place${db === 'local' ? ', and is not replicated: with that member the keys are lost' : ''}. Put the key vault into a database of its own, such as encryption.__keyVault`;
        return [{ message, at }];
      }
      if (keyVault === formatNamespace(collection.ns)) {
        const message = `${keyVault} is to hold the keys and what they seal: keys would be refused by the validator, and whoever writes the data writes the keys. Put the key vault into a database of its own, such as encryption.__keyVault`;
        return [{ message, at, severity: 'error' }];
      }
      if (db !== collection.ns.db) return [];
      const message = `the keys lie beside what they seal: a role on ${db}.*, a dump or a dropDatabase gets hold of ${formatNamespace(collection.ns)} and its keys in one. Put the key vault into a database of its own, such as encryption.__keyVault`;
      return [{ message, at }];
    }),
};
