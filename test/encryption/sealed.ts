/** Ciphertext as the official library makes it, as far as its header and its length go. */
import { Binary, UUID } from 'bson';
import { type SealableType, sealable } from '../../src/encryption/bson-type.ts';
import { sealedLength } from '../../src/encryption/ciphertext.ts';

export const KEY_ID = '00112233-4455-6677-8899-aabbccddeeff';

export interface Sealed {
  readonly bsonType: SealableType;
  readonly algorithm?: number;
  readonly keyId?: string;
  readonly length?: number;
}

export function ciphertext({ bsonType, algorithm = 2, keyId = KEY_ID, length }: Sealed): Binary {
  const { code, bytes } = sealable(bsonType);
  const sealed = Buffer.alloc(length ?? sealedLength(bytes), 0xa5);
  sealed[0] = algorithm;
  sealed.set(new UUID(keyId).buffer, 1);
  sealed[17] = code;
  return new Binary(sealed, Binary.SUBTYPE_ENCRYPTED);
}
