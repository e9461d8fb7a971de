/**
 * Evidence from the data: what stored documents have in their sealed fields, read from raw BSON. No value is decoded,
 * kept or shown; what comes of it is counts.
 */
import { originalTypes, type SealableType, sealable } from './bson-type.ts';
import { isPossibleLength, readCiphertext } from './ciphertext.ts';
import { type SealedField, segmentsOf } from './sealed-field.ts';

export const DEFECTS = ['plaintext', 'algorithm', 'unknownKey', 'wrongKey', 'bsonType', 'length'] as const;

/**
 * - `plaintext`: anything but ciphertext, null included
 * - `algorithm`: not the policy's, or none that CSFLE has
 * - `unknownKey`: a key that is not in the vault; `wrongKey`: one that is, and not the policy's
 * - `bsonType`: the original type is not the policy's
 * - `length`: no value of that type can be this long, sealed
 */
export type Defect = (typeof DEFECTS)[number];

export interface FieldCounts {
  readonly path: string;
  /** Values, sealed or not; an array on the way gives several for one document. */
  values: number;
  /** Values that are as the policy says. */
  sealed: number;
  readonly defects: Record<Defect, number>;
}

export interface FieldDemand {
  readonly field: SealedField;
  /** The key's UUID; absent: unknown, and then keys are not compared. */
  readonly keyId?: string;
}

export interface Scanner {
  /** Looks at one document in raw BSON. Gives whether the validator would refuse one of its values in a sealed field. */
  look(document: Uint8Array): boolean;
  /** What it has counted so far. */
  tally(): Tally;
}

export interface Tally {
  readonly documents: number;
  readonly fields: readonly Readonly<FieldCounts>[];
}

/** A tree of the sealed paths: a leaf is where ciphertext is wanted. */
interface Branch {
  readonly name: Uint8Array;
  readonly leaf?: Leaf;
  readonly below: readonly Branch[];
}

interface Leaf {
  readonly demand: FieldDemand;
  readonly counts: FieldCounts;
  /** The header that is wanted, up to the original type: algorithm and key. Zeros for a key that is unknown. */
  readonly header: Uint8Array;
  readonly originals: readonly { readonly code: number; readonly type: SealableType }[];
  /** Whether the header alone decides: not where the vault lacks the key, or has keys and the policy names none. */
  readonly comparable: boolean;
}

const KEY_ID_AT = 1;
const KEY_ID_BYTES = 16;

function headerOf({ field, keyId }: FieldDemand): Uint8Array {
  const key = Buffer.from((keyId ?? '').replaceAll('-', '').padEnd(2 * KEY_ID_BYTES, '0'), 'hex');
  return Buffer.concat([Buffer.from([field.algorithm === 'deterministic' ? 1 : 2]), key]);
}

/** Whether it is as the policy says, told without making anything: nearly every value is. */
function isRight(
  { demand, header, originals, comparable }: Leaf,
  bytes: Uint8Array,
  type: number,
  at: number,
): boolean {
  if (!comparable) return false;
  if (type !== BINARY || bytes[at + 4] !== ENCRYPTED) return false;
  const start = at + 5;
  const length = int32(bytes, at);
  const code = bytes[start + header.length];
  const original = originals.find((candidate) => candidate.code === code);
  if (length <= header.length || original === undefined || !isPossibleLength(length, original.type)) return false;
  for (let byte = 0; byte < header.length; byte += 1) {
    const ofKey = byte >= KEY_ID_AT && byte < KEY_ID_AT + KEY_ID_BYTES;
    if (ofKey && demand.keyId === undefined) continue;
    if (bytes[start + byte] !== header[byte]) return false;
  }
  return true;
}

/**
 * What `encrypt` in a validator refuses (server source, `InternalSchemaBinDataEncryptedTypeExpression`): the algorithm is
 * one of the two, and the original type the right one; neither key nor length matter. Told here, because a server that
 * meets an algorithm it does not know gives the whole query up (error 33118).
 */
function isRefused({ header, originals }: Leaf, bytes: Uint8Array, type: number, at: number): boolean {
  if (type !== BINARY || bytes[at + 4] !== ENCRYPTED || int32(bytes, at) <= header.length) return true;
  const algorithm = bytes[at + 5];
  const code = bytes[at + 5 + header.length];
  return (algorithm !== 1 && algorithm !== 2) || originals.every((original) => original.code !== code);
}

/** `before`: what an earlier scan has counted. `knownKeys`: the UUIDs in the key vault; absent: nobody could look, and keys are not compared. */
export function scanner(
  demands: readonly FieldDemand[],
  knownKeys: ReadonlySet<string> | undefined,
  before?: Tally,
): Scanner {
  const leaves = demands.map((demand): Leaf => {
    const { path } = demand.field;
    const counted = before?.fields.find((counts) => counts.path === path) ?? emptyCounts(path);
    return {
      demand,
      counts: { ...counted, defects: { ...counted.defects } },
      header: headerOf(demand),
      originals: originalTypes(demand.field.bsonType).map((type) => ({ code: sealable(type).code, type })),
      comparable: knownKeys?.has(demand.keyId ?? '') ?? true,
    };
  });
  const branches = grow(leaves.map((leaf) => ({ leaf, rest: segmentsOf(leaf.demand.field.path) })));
  let documents = before?.documents ?? 0;
  let refused = false;
  const judge = (leaf: Leaf, bytes: Uint8Array, type: number, at: number): void => {
    leaf.counts.values += 1;
    if (isRight(leaf, bytes, type, at)) {
      leaf.counts.sealed += 1;
      return;
    }
    refused ||= isRefused(leaf, bytes, type, at);
    const defects = defectsOf(leaf.demand, knownKeys, bytes, type, at);
    if (defects.length === 0) leaf.counts.sealed += 1;
    for (const defect of defects) leaf.counts.defects[defect] += 1;
  };
  return {
    look: (document) => {
      documents += 1;
      refused = false;
      walk(document, 0, branches, judge);
      return refused;
    },
    tally: () => ({
      documents,
      fields: leaves.map(({ counts }) => ({ ...counts, defects: { ...counts.defects } })),
    }),
  };
}

function emptyCounts(path: string): FieldCounts {
  const defects = { plaintext: 0, algorithm: 0, unknownKey: 0, wrongKey: 0, bsonType: 0, length: 0 };
  return { path, values: 0, sealed: 0, defects };
}

function grow(leaves: readonly { readonly leaf: Leaf; readonly rest: readonly string[] }[]): readonly Branch[] {
  const byName = new Map<string, { leaf: Leaf; rest: readonly string[] }[]>();
  for (const { leaf, rest } of leaves) {
    const [name = '', ...below] = rest;
    byName.set(name, [...(byName.get(name) ?? []), { leaf, rest: below }]);
  }
  return [...byName].map(([name, inner]) => {
    const leaf = inner.find(({ rest }) => rest.length === 0)?.leaf;
    return { name: Buffer.from(name), ...(leaf && { leaf }), below: leaf === undefined ? grow(inner) : [] };
  });
}

const BINARY = 5;
const ENCRYPTED = 6;

function defectsOf(
  { field, keyId }: FieldDemand,
  knownKeys: ReadonlySet<string> | undefined,
  bytes: Uint8Array,
  type: number,
  at: number,
): readonly Defect[] {
  if (type !== BINARY || bytes[at + 4] !== ENCRYPTED) return ['plaintext'];
  const found = readCiphertext(bytes, at + 5, int32(bytes, at));
  if (found === undefined) return ['length'];
  const defects: Defect[] = [];
  if (found.algorithm !== field.algorithm) defects.push('algorithm');
  if (knownKeys !== undefined && !knownKeys.has(found.keyId)) defects.push('unknownKey');
  else if (keyId !== undefined && found.keyId !== keyId) defects.push('wrongKey');
  if (!originalTypes(field.bsonType).some((type) => type === found.bsonType)) defects.push('bsonType');
  if (!found.possibleLength) defects.push('length');
  return defects;
}

type Judge = (leaf: Leaf, bytes: Uint8Array, type: number, at: number) => void;

const DOCUMENT = 3;
const ARRAY = 4;

/** Goes through the document that begins at `start` (BSON specification), into what a sealed path leads through. */
function walk(bytes: Uint8Array, start: number, branches: readonly Branch[], judge: Judge): void {
  const end = start + int32(bytes, start) - 1;
  let at = start + 4;
  while (at < end) {
    const type = bytes[at] ?? 0;
    const nameStart = at + 1;
    const nameEnd = endOfName(bytes, nameStart);
    const value = nameEnd + 1;
    for (const branch of branches) {
      if (isName(bytes, nameStart, nameEnd, branch.name)) enter(bytes, type, value, branch, judge);
    }
    at = value + valueLength(bytes, type, value);
  }
}

function enter(bytes: Uint8Array, type: number, value: number, branch: Branch, judge: Judge): void {
  if (branch.leaf !== undefined) judge(branch.leaf, bytes, type, value);
  else if (type === DOCUMENT) walk(bytes, value, branch.below, judge);
  else if (type === ARRAY) walkArray(bytes, value, branch, judge);
}

/** A path that leads through an array reaches every element, as it does in the server's own projection. */
function walkArray(bytes: Uint8Array, start: number, branch: Branch, judge: Judge): void {
  const end = start + int32(bytes, start) - 1;
  let at = start + 4;
  while (at < end) {
    const type = bytes[at] ?? 0;
    const value = endOfName(bytes, at + 1) + 1;
    if (type === DOCUMENT || type === ARRAY) enter(bytes, type, value, branch, judge);
    at = value + valueLength(bytes, type, value);
  }
}

function endOfName(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] !== 0) {
    if (at >= bytes.length) throw new Error('a document ends early');
    at += 1;
  }
  return at;
}

function isName(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  if (end - start !== name.length) return false;
  for (let at = 0; at < name.length; at += 1) if (bytes[start + at] !== name[at]) return false;
  return true;
}

function int32(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

/** The lengths of BSON's values: fixed, told by the value itself, or to be looked for. */
function valueLength(bytes: Uint8Array, type: number, at: number): number {
  switch (type) {
    case 6:
    case 10:
    case 127:
    case 255:
      return 0;
    case 8:
      return 1;
    case 16:
      return 4;
    case 1:
    case 9:
    case 17:
    case 18:
      return 8;
    case 7:
      return 12;
    case 19:
      return 16;
    case 2:
    case 13:
    case 14:
      return 4 + int32(bytes, at);
    case DOCUMENT:
    case ARRAY:
    case 15:
      return int32(bytes, at);
    case BINARY:
      return 5 + int32(bytes, at);
    case 12:
      return 4 + int32(bytes, at) + 12;
    case 11:
      return endOfName(bytes, endOfName(bytes, at) + 1) + 1 - at;
    default:
      throw new Error(`BSON has no type ${type}`);
  }
}
