/** Keys, key vaults, and what is stored in sealed fields. */
import type { DriftRule } from './rule.ts';

const SCANNED = 'Write the documents anew with a client that has the schema map of `policy schema-map`.';

export const ENCRYPTION_RULES = [
  {
    name: 'encryption/key-vault-index',
    severity: 'error',
    description: 'The index of a key vault does not keep the alternative names of keys unique',
    danger: 'Two keys can bear one name, and which one seals is left to chance.',
    remedy: 'Drop the index. `migrate apply` makes the unique partial one.',
  },
  {
    name: 'encryption/key-vault-expiry',
    severity: 'error',
    description: 'Keys of a key vault expire, or the oldest are deleted for new ones',
    danger: 'What a deleted key sealed is lost, in every collection, without anybody having touched it.',
    remedy:
      'Drop the TTL index, turn off `expireAfterSeconds`, or copy the keys into a collection that is not capped. `migrate plan` warns of it, and mends nothing in a key vault.',
  },
  {
    name: 'encryption/key-vault-type',
    severity: 'error',
    description: 'A key vault is no collection',
    danger: 'A view holds no keys, and no index keeps their names unique. Clients can make none there.',
    remedy: 'Name the collection that holds the keys as `keyVault`.',
  },
  {
    name: 'encryption/key-shared-name',
    severity: 'error',
    description: 'Several data encryption keys bear the same alternative name',
    danger: 'Which one seals is left to chance. Whoever made the second one may read what it seals.',
    remedy: 'Take the name from all keys but one.',
  },
  {
    name: 'encryption/key-missing',
    severity: 'warning',
    description: 'A data encryption key that the policy names does not exist',
    danger: 'Nothing can be stored in the fields that it seals. Nothing leaks: the validator refuses plaintext.',
    remedy: 'Make the key. With `dataKeys: managed` `migrate apply` makes it.',
  },
  {
    name: 'encryption/master-key',
    severity: 'error',
    description: 'A data encryption key is sealed by another master key than the policy says',
    danger: 'Whoever has the other master key opens the data key, and with it the fields.',
    remedy: 'Rewrap the key. With `dataKeys: managed` `migrate apply` rewraps it.',
  },
  {
    name: 'encryption/key-age',
    severity: 'error',
    description: 'A data encryption key was last rewrapped longer ago than the policy allows',
    danger: 'A copy of an old master key that somebody has kept opens it still.',
    remedy: 'Rewrap the key. With `dataKeys: managed` `migrate apply` rewraps it.',
  },
  {
    name: 'encryption/key-vault-access',
    severity: 'error',
    description: 'Whoever writes or reads sealed data can change or remove its keys',
    danger: 'What a lost key sealed is lost. One command takes a whole trail away without touching it.',
    remedy: 'Leave the account `find` on the key vault, and `insert` if it makes its own keys.',
  },
  {
    name: 'encryption/key-vault-find',
    severity: 'warning',
    description: "A writer of sealed data can't read its keys",
    danger: 'It can seal nothing, and so it can store nothing.',
    remedy: 'Grant it `find` on the key vault.',
  },
  {
    name: 'encryption/scan-refused',
    severity: 'error',
    description: "Stored documents are such that the policy's validator would refuse them",
    danger: 'They were stored before the validator, or past it. An update of one of them fails.',
    remedy: SCANNED,
  },
  {
    name: 'encryption/scan-plaintext',
    severity: 'error',
    description: 'Values of a sealed field are stored in the clear',
    danger: 'Whoever can read the collection, a backup or a disk reads them.',
    remedy: SCANNED,
  },
  {
    name: 'encryption/scan-algorithm',
    severity: 'error',
    description: 'Values are sealed with another algorithm than the policy says',
    danger: 'Deterministic values where random ones are meant tell which documents are alike.',
    remedy: SCANNED,
  },
  {
    name: 'encryption/scan-unknown-key',
    severity: 'error',
    description: 'Values are sealed with a key that is not in the key vault',
    danger: 'Nobody can open them, or only somebody who has the key elsewhere.',
    remedy: 'Bring the key back from a backup of the key vault, or accept that the values are lost.',
  },
  {
    name: 'encryption/scan-wrong-key',
    severity: 'error',
    description: 'Values are sealed with another key of the vault than the policy says',
    danger: 'Who may open the field is decided by another key than was reviewed.',
    remedy: SCANNED,
  },
  {
    name: 'encryption/scan-bson-type',
    severity: 'error',
    description: 'Values were of another type before they were sealed than the policy says',
    danger: 'Applications that open them fail, and no validator tells.',
    remedy: SCANNED,
  },
  {
    name: 'encryption/scan-length',
    severity: 'error',
    description: 'Values have a length that no ciphertext of their type has',
    danger: 'Somebody stored binary data that only looks sealed.',
    remedy: SCANNED,
  },
] as const satisfies readonly DriftRule[];
