/** A command as it was given, and the readers of its fields. Commands are plain JSON, or relaxed Extended JSON. */
import { type Namespace, parseNamespace, type RoleRef, type UserRef } from '../../model/names.ts';
import type { Condition } from './condition.ts';

export type Document = Readonly<Record<string, unknown>>;

/** Where and by whom a command is run. */
export interface CommandContext {
  /** The server's version. */
  readonly version: string;
  /** Whether it is given to a `mongos`. */
  readonly sharded: boolean;
  /** Who runs it: one's own password and account are judged by other rules than those of others. */
  readonly user?: UserRef;
  /** The roles that were granted to the user itself, without what they inherit. */
  readonly roles?: readonly RoleRef[];
  /** The collection that has the UUID (lower case, with hyphens), if that is known. */
  collectionOf?(uuid: string): Namespace | undefined;
}

export interface Call {
  /** As it was written, for sentences. */
  readonly name: string;
  readonly body: Document;
  readonly db: string;
  readonly context: CommandContext;
  /** The condition of a command within this one: `explain`, and the entries of `applyOps`. */
  nested(body: Document, db: string): Condition;
}

/** What a command demands. */
export type Rule = (call: Call) => Condition;

/** No command of that name is known here. */
export class UnknownCommandError extends Error {
  readonly command: string;

  constructor(command: string) {
    super(`there is no command ${JSON.stringify(command)}`);
    this.name = 'UnknownCommandError';
    this.command = command;
  }
}

/** A command that the server would not understand. */
export class MalformedCommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedCommandError';
  }
}

export function malformed(call: Pick<Call, 'name'>, what: string): MalformedCommandError {
  return new MalformedCommandError(`${call.name}: ${what}`);
}

/** The server's `BSONElement::trueValue`: absent, null, false and zero are not, all else is. */
export function truthy(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0;
}

export function has(document: Document, field: string): boolean {
  return Object.hasOwn(document, field);
}

export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands there instead, without its contents: they may be a password. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === '') return 'empty';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return 'a string';
  return Array.isArray(value) ? 'an array' : 'a document';
}

/** The value of the first field, which is the command's name. */
export function argument({ body }: Call): unknown {
  return Object.values(body)[0];
}

export function documentAt(call: Call, value: unknown, what: string): Document {
  if (!isDocument(value)) throw malformed(call, `${what} must be a document, not ${kindOf(value)}`);
  return value;
}

export function arrayAt(call: Call, value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(call, `${what} must be an array, not ${kindOf(value)}`);
  return value;
}

export function textAt(call: Call, value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw malformed(call, `${what} must be a name, not ${kindOf(value)}`);
}

/** A field that holds documents; absent is none. */
export function documentsIn(call: Call, field: string): readonly Document[] {
  if (!has(call.body, field)) return [];
  return arrayAt(call, call.body[field], field).map((value) => documentAt(call, value, `an entry of ${field}`));
}

/** The collection of the command's database that the command names as its value. */
export function collectionIn(call: Call): Namespace {
  return { db: call.db, collection: textAt(call, argument(call), 'the collection') };
}

/** A full name, `db.collection`. */
export function namespaceAt(call: Call, value: unknown, what: string): Namespace {
  const ns = parseNamespace(textAt(call, value, what));
  if (ns === undefined) throw malformed(call, `${what} must be db.collection, not ${JSON.stringify(value)}`);
  return ns;
}

/** The UUID of `{$uuid}` or of binary data of subtype 4, lower case with hyphens; nothing if it is none. */
export function uuidOf(value: unknown): string | undefined {
  if (!isDocument(value)) return undefined;
  if (typeof value.$uuid === 'string') return hyphenated(value.$uuid.replaceAll('-', ''));
  const binary = isDocument(value.$binary) ? value.$binary : undefined;
  if (binary === undefined || typeof binary.base64 !== 'string') return undefined;
  if (binary.subType !== '04' && binary.subType !== '4') return undefined;
  return hyphenated(Buffer.from(binary.base64, 'base64').toString('hex'));
}

function hyphenated(hex: string): string | undefined {
  const parts = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex.toLowerCase());
  return parts?.slice(1).join('-');
}
