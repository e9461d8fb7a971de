/**
 * The header of ciphertext (CSFLE specification, "BinData subtype 6"): one byte for the algorithm, the data encryption
 * key's 16 bytes, one byte for the original BSON type, then the sealed value: 16 bytes of initialization vector, whole
 * blocks of 16 bytes, 32 bytes of authentication tag. Nothing is decrypted.
 */
import { type SealableType, sealable, typeOfCode } from './bson-type.ts';

const KEY_ID = 16;
const HEADER = 1 + KEY_ID + 1;
const BLOCK = 16;
const OVERHEAD = HEADER + BLOCK + 32;

export interface Ciphertext {
  /** Nothing for an algorithm that CSFLE does not have, such as those of Queryable Encryption. */
  readonly algorithm?: 'deterministic' | 'random';
  /** The data encryption key's UUID. */
  readonly keyId: string;
  /** What it was before it was sealed; nothing for a type that can't be sealed. */
  readonly bsonType?: SealableType;
  /** Whether a value of that type, sealed, can be this long. */
  readonly possibleLength: boolean;
}

/** Reads the header at `start` of `length` bytes. Nothing if they are too few to be one. */
export function readCiphertext(bytes: Uint8Array, start = 0, length = bytes.length): Ciphertext | undefined {
  if (length < HEADER) return undefined;
  const algorithm = bytes[start] === 1 ? 'deterministic' : bytes[start] === 2 ? 'random' : undefined;
  const bsonType = typeOfCode(bytes[start + HEADER - 1] ?? 0);
  return {
    ...(algorithm === undefined ? {} : { algorithm }),
    keyId: uuidText(bytes, start + 1),
    ...(bsonType === undefined ? {} : { bsonType }),
    possibleLength: isPossibleLength(length, bsonType),
  };
}

/** The length of a sealed value of so many bytes: padded to whole blocks, by one byte at least. */
export function sealedLength(bytes: number): number {
  return OVERHEAD + (Math.floor(bytes / BLOCK) + 1) * BLOCK;
}

export function isPossibleLength(length: number, bsonType: SealableType | undefined): boolean {
  const { bytes, fixed } = bsonType === undefined ? { bytes: 0, fixed: false } : sealable(bsonType);
  const shortest = sealedLength(bytes);
  if (fixed) return length === shortest;
  return length >= shortest && (length - OVERHEAD) % BLOCK === 0;
}

const HEX = Array.from({ length: 256 }, (_none, byte) => byte.toString(16).padStart(2, '0'));

/** The text of the UUID whose 16 bytes begin there. */
export function uuidText(bytes: Uint8Array, start: number): string {
  let text = '';
  for (let at = 0; at < KEY_ID; at += 1) {
    if (at === 4 || at === 6 || at === 8 || at === 10) text += '-';
    text += HEX[bytes[start + at] ?? 0];
  }
  return text;
}
