/** The BSON types that a field can be sealed as (CSFLE specification; manual, "CSFLE Encryption Schemas"). */
import type { EncryptedFieldEntry } from '../generated/policy.ts';

interface Sealable {
  /** The type's number in BSON, which stands in the ciphertext's header. */
  readonly code: number;
  /** Whether deterministic encryption takes it; `libmongocrypt` refuses the others. */
  readonly deterministic: boolean;
  /** The length of every value in bytes, where all have the same; else the shortest. */
  readonly bytes: number;
  readonly fixed: boolean;
}

const fixed = (code: number, bytes: number, deterministic = true): Sealable => ({
  code,
  deterministic,
  bytes,
  fixed: true,
});
const atLeast = (code: number, bytes: number, deterministic = true): Sealable => ({
  code,
  deterministic,
  bytes,
  fixed: false,
});

const TYPES = {
  array: atLeast(4, 5, false),
  binData: atLeast(5, 5),
  bool: fixed(8, 1, false),
  date: fixed(9, 8),
  dbPointer: atLeast(12, 17),
  decimal: fixed(19, 16, false),
  double: fixed(1, 8, false),
  int: fixed(16, 4),
  javascript: atLeast(13, 5),
  javascriptWithScope: atLeast(15, 14, false),
  long: fixed(18, 8),
  object: atLeast(3, 5, false),
  objectId: fixed(7, 12),
  regex: atLeast(11, 2),
  string: atLeast(2, 5),
  symbol: atLeast(14, 5),
  timestamp: fixed(17, 8),
} as const satisfies Readonly<Record<string, Sealable>>;

export type SealableType = keyof typeof TYPES;

export function sealable(type: SealableType): Sealable {
  return TYPES[type];
}

export function isSealable(type: unknown): type is SealableType {
  return typeof type === 'string' && Object.hasOwn(TYPES, type);
}

const NUMBERS = ['decimal', 'double', 'int', 'long'] as const satisfies readonly SealableType[];

/** The types that a value sealed as `bsonType` may have had: `number` is an alias (manual, "$type"). */
export function originalTypes(bsonType: EncryptedFieldEntry['bsonType']): readonly SealableType[] {
  return bsonType === 'number' ? NUMBERS : [bsonType];
}

/** What `bsonType` calls the type with this number; nothing for one that can't be sealed. */
export function typeOfCode(code: number): SealableType | undefined {
  for (const [name, { code: own }] of Object.entries(TYPES)) if (own === code) return name as SealableType;
  return undefined;
}

const JSON_TYPES: Readonly<Record<string, string>> = { boolean: 'bool' };

/** The types that a schema admits by `bsonType` or `type`, aliases taken apart; nothing if it says nothing. */
export function declaredTypes(schema: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const written = schema['bsonType'] ?? schema['type'];
  if (written === undefined) return undefined;
  return (Array.isArray(written) ? written.map(String) : [String(written)]).flatMap((name) =>
    name === 'number' ? NUMBERS : [schema['bsonType'] === undefined ? (JSON_TYPES[name] ?? name) : name],
  );
}
