/** A command as it came, and its fields read in the way the server reads them. */
import { commandError, locationError, notSimulated } from './errors.ts';
import { type Document, field, isDocument, numberOf, typeOf } from './values.ts';

export interface Request {
  /** The command's name, the first field of its document. */
  readonly name: string;
  readonly db: string;
  /** The whole command, document sequences included. */
  readonly body: Document;
  /** The command without its document sequences and secrets, for error texts. */
  readonly shown: Document;
}

/** Arguments that every command takes (`src/mongo/idl/generic_argument.idl`). */
const GENERIC_ARGUMENTS: ReadonlySet<string> = new Set([
  '$audit',
  '$client',
  '$clusterTime',
  '$configServerState',
  '$configTime',
  '$db',
  '$oplogQueryData',
  '$queryOptions',
  '$readPreference',
  '$replData',
  '$topologyTime',
  'apiDeprecationErrors',
  'apiStrict',
  'apiVersion',
  'autocommit',
  'clientOperationKey',
  'comment',
  'coordinator',
  'databaseVersion',
  'help',
  'lsid',
  'maxTimeMS',
  'maxTimeMSOpOnly',
  'mayBypassWriteBlocking',
  'rawData',
  'readConcern',
  'serialization_context',
  'shardVersion',
  'startTransaction',
  'stmtId',
  'txnNumber',
  'writeConcern',
]);

/** Refuses arguments that the command does not know, as the server does. */
export function onlyKnown(request: Request, known: readonly string[]): void {
  for (const name of Object.keys(request.body)) {
    if (name === request.name || GENERIC_ARGUMENTS.has(name) || known.includes(name)) continue;
    throw locationError(40415, `BSON field '${request.name}.${name}' is an unknown field.`);
  }
}

/** Arguments that the command has on a real server and the sandbox does not imitate. */
export function refuseArguments(request: Request, names: readonly string[]): void {
  for (const name of names) {
    const value = field(request.body, name);
    if (value === undefined || value === null || value === false) continue;
    throw notSimulated(`'${name}' of ${request.name}`);
  }
}

function wrongType(request: Request, name: string, value: unknown, expected: string) {
  const which = name === request.name ? name : `${request.name}.${name}`;
  return commandError(
    'TypeMismatch',
    `BSON field '${which}' is the wrong type '${typeOf(value)}', expected type '${expected}'`,
  );
}

function missing(request: Request, name: string) {
  return locationError(40414, `BSON field '${request.name}.${name}' is missing but a required field`);
}

/** The field that bears the command's own name, where it is a text: the user, the role, the collection. */
export function subject(request: Request): string {
  const value = field(request.body, request.name);
  if (typeof value !== 'string') throw wrongType(request, request.name, value, 'string');
  if (value.includes('\0')) throw commandError('BadValue', `'${request.name}' cannot contain null characters`);
  return value;
}

export function optionalText(request: Request, name: string): string | undefined {
  const value = field(request.body, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(request, name, value, 'string');
  return value;
}

/** A flag; the server takes numbers for flags too. */
export function flag(request: Request, name: string, otherwise = false): boolean {
  const value = field(request.body, name);
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'boolean') return value;
  const number = numberOf(value);
  if (number === undefined) throw wrongType(request, name, value, 'bool');
  return number !== 0;
}

export function optionalInteger(request: Request, name: string): number | undefined {
  const value = field(request.body, name);
  if (value === undefined || value === null) return undefined;
  const number = numberOf(value);
  if (number === undefined) throw wrongType(request, name, value, 'long');
  return Math.trunc(number);
}

export function optionalDocument(request: Request, name: string): Document | undefined {
  const value = field(request.body, name);
  if (value === undefined || value === null) return undefined;
  if (!isDocument(value)) throw wrongType(request, name, value, 'object');
  return value;
}

export function optionalList(request: Request, name: string): readonly unknown[] | undefined {
  const value = field(request.body, name);
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongType(request, name, value, 'array');
  return value;
}

export function requiredList(request: Request, name: string): readonly unknown[] {
  const list = optionalList(request, name);
  if (list === undefined) throw missing(request, name);
  return list;
}

/** A list whose every element is a document. */
export function requiredDocuments(request: Request, name: string): readonly Document[] {
  return requiredList(request, name).map((entry, at) => {
    if (!isDocument(entry)) throw wrongType(request, `${name}.${at}`, entry, 'object');
    return entry;
  });
}
