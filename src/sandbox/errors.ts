/** The errors that a server answers with: code, code name and text, as `src/mongo/base/error_codes.yml` lists them. */
import type { Document } from './values.ts';

const CODES = {
  InternalError: 1,
  BadValue: 2,
  NoSuchKey: 4,
  FailedToParse: 9,
  UserNotFound: 11,
  UnsupportedFormat: 12,
  Unauthorized: 13,
  TypeMismatch: 14,
  InvalidLength: 16,
  ProtocolError: 17,
  AuthenticationFailed: 18,
  IllegalOperation: 20,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  RoleNotFound: 31,
  CannotBackfillArray: 34,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  InvalidRoleModification: 49,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  InvalidIndexSpecificationOption: 197,
  QueryFeatureNotAllowed: 224,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  CommandNotSupported: 115,
  DocumentValidationFailure: 121,
  CollectionIsEmpty: 162,
  MechanismUnavailable: 334,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
} as const;

export type CodeName = keyof typeof CODES;

/** What a command fails with; the connection lives on. `details` are further fields of the reply or of the write error. */
export class CommandError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly details: Document;

  constructor(code: number, codeName: string, message: string, details: Document = {}) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.codeName = codeName;
    this.details = details;
  }
}

export function commandError(codeName: CodeName, message: string, details: Document = {}): CommandError {
  return new CommandError(CODES[codeName], codeName, message, details);
}

/** An error that the server's source gives a number only; the server names it `Location<number>`. */
export function locationError(code: number, message: string): CommandError {
  return new CommandError(code, `Location${code}`, message);
}

/** What a real server can do and this one does not imitate. */
export function notSimulated(what: string): CommandError {
  return commandError('CommandNotSupported', `the sandbox does not implement ${what}; use a real server for it`);
}

/** The reply to a failed command. */
export function errorReply(error: CommandError): Document {
  return { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName, ...error.details };
}

/** Whatever was thrown, as an error that can be sent: a fault of the sandbox must not end the process that hosts it. */
export function asCommandError(thrown: unknown): CommandError {
  if (thrown instanceof CommandError) return thrown;
  return commandError('InternalError', thrown instanceof Error ? thrown.message : String(thrown));
}
