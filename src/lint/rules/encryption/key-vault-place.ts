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
        const message = `${keyVault} lies in a database of the servers${db === 'local' ? ', which is not replicated. The keys are lost with that member' : ''}. Put the key vault into a database of its own, such as encryption.__keyVault`;
        return [{ message, at }];
      }
      if (keyVault === formatNamespace(collection.ns)) {
        const message = `${keyVault} holds the keys and the data that they seal. The validator would refuse keys, and whoever writes the data could write keys. Put the key vault into a database of its own, such as encryption.__keyVault`;
        return [{ message, at, severity: 'error' }];
      }
      if (db !== collection.ns.db) return [];
      const message = `the keys lie in the database of the data that they seal. A role on ${db}.*, a dump or a dropDatabase reaches ${formatNamespace(collection.ns)} and its keys together. Put the key vault into a database of its own, such as encryption.__keyVault`;
      return [{ message, at }];
    }),
};
