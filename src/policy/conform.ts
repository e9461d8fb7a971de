/** Holds a file's data against its JSON schema, and says what does not fit in one sentence each. */

import type { SchemaError, Validator } from '../generated/validator.ts';

import { MOST_REFUSALS } from '../input/refusal.ts';
import { didYouMean } from './nearest.ts';
import { type DocumentPath, type Problem, parsePointer } from './problem.ts';
import { withoutLogins } from './secrets.ts';
import type { SourceFile } from './source.ts';

/** A form that a file may have. */
export interface FileForm {
  readonly validate: Validator;
  /** What every file of this form says; one without it is somebody else's. */
  readonly mark?: string;
}

/** Everything in which the data does not fit the form; nothing if it does. */
export function conform(source: SourceFile, { validate, mark }: FileForm): readonly Problem[] {
  const valid = validate(source.data);
  const marked = mark === undefined || source.text.includes(mark);
  if (valid && marked) return [];
  const hidden = mark !== undefined && !marked && isMarked(source.data, mark);
  const errors = withoutBranches(validate.errors ?? []);
  const problems = new Map<string, Problem>();
  for (const error of marked || hidden ? errors : errors.filter(isAboutForm)) {
    if (problems.size === MOST_REFUSALS) break;
    const problem = describe(source, error);
    if (problem !== undefined) problems.set(`${problem.path}\0${problem.message}`, problem);
  }
  if (hidden) return [disguised(source), ...problems.values()];
  // What does not fit is never nothing, whatever the errors were about.
  return problems.size > 0 ? [...problems.values()] : [unfit(source, 'the file does not have the form that is wanted')];
}

/** Whether the data says what the text does not: the mark was written with escapes. */
function isMarked(data: unknown, mark: string): boolean {
  if (typeof data !== 'object' || data === null || !('apiVersion' in data)) return false;
  return String(data.apiVersion).startsWith(mark);
}

/** What every policy says; a file without it is somebody else's, and what stands in it is nobody's business. */
export const POLICY_MARK = 'mongoward/v';

/** Whoever looks for policies among other files would pass it over. */
function disguised(source: SourceFile): Problem {
  const message = 'write "apiVersion: mongoward/v1" without escapes: other programs must see that this is a policy';
  return unfit(source, message, ['apiVersion']);
}

function unfit(source: SourceFile, message: string, path: DocumentPath = []): Problem {
  return { rule: 'document/schema', severity: 'error', message, ...source.locate(path) };
}

/** About the file as a whole, or its version. */
function isAboutForm({ instancePath, keyword }: SchemaError): boolean {
  return instancePath === '/apiVersion' || (instancePath === '' && keyword !== 'additionalProperties');
}

/** Where one of several forms is wanted and the schema says in a word which, what each of them lacks is noise. */
function withoutBranches(errors: readonly SchemaError[]): readonly SchemaError[] {
  const told = errors.filter(({ keyword, parentSchema }) => keyword === 'anyOf' && 'x-expected' in parentSchema);
  const toldErrors = new Set(told);
  const paths = new Set(told.map(({ instancePath }) => instancePath));
  return errors.filter((error) => toldErrors.has(error) || !isInside(error.instancePath, paths));
}

/** Whether one of the paths leads there, or to what it is in. */
function isInside(path: string, paths: ReadonlySet<string>): boolean {
  if (paths.size === 0) return false;
  for (let end = path.length; end >= 0; end = path.lastIndexOf('/', end - 1)) {
    if (paths.has(path.slice(0, end))) return true;
    if (end === 0) break;
  }
  return false;
}

function describe(source: SourceFile, error: SchemaError): Problem | undefined {
  const path = parsePointer(error.instancePath);
  const value = valueAt(source.data, path);
  const told = pastedForm(error, value) ?? tell(error, value, path, placeName(source.data, path));
  if (told === undefined) return undefined;
  return unfit(source, told.message, told.path ?? path);
}

/** As many as one takes in at a glance. */
const MOST_TOLD = 8;

/** Where the source of a secret is named: the secret itself may have been written instead, and is not to be shown. */
function namesSource(known: readonly string[]): boolean {
  return known.includes('fromEnv');
}

/** What was meant by a key that is not known: what people paste, one that is like it, or what there is to choose from. */
function unknownKey(key: string, { title, properties = {} }: SchemaError['parentSchema']): string {
  const known = Object.keys(properties as object);
  const meant = pastedKey(title, key) ?? didYouMean(key, known);
  const choice = known.length === 0 || known.length > MOST_TOLD ? '' : ` (known here: ${known.join(', ')})`;
  const name = namesSource(known) && meant === '' ? '' : ` "${key}"`;
  return `unknown key${name}${meant || choice}`;
}

function tell(
  error: SchemaError,
  value: unknown,
  path: DocumentPath,
  where: string,
): { readonly message: string; readonly path?: DocumentPath } | undefined {
  const { params, parentSchema, propertyName } = error;
  const at = propertyName === undefined ? undefined : [...path, propertyName];
  const wrong = propertyName ?? value;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      return { message: unknownKey(key, parentSchema), path: [...path, key] };
    }
    case 'required':
      return { message: `${where} lacks the key "${String(params['missingProperty'])}"` };
    case 'type':
      return {
        message: `${where} must be ${typeNames(params['type'])}, but it is ${kindOf(value)}${sourceHint(parentSchema) || listHint(value, path)}`,
      };
    case 'enum': {
      const allowed = Array.isArray(params['allowedValues']) ? params['allowedValues'].map(String) : [];
      if (typeof wrong !== 'string') return { message: `${where} must be one of ${allowed.join(', ')}` };
      const expected = parentSchema['x-expected'];
      const which = typeof expected === 'string' ? expected : `one of ${allowed.join(', ')}`;
      return { message: `${quote(wrong)} is not ${which}${didYouMean(wrong, allowed)}`, ...(at && { path: at }) };
    }
    case 'pattern': {
      const expected = parentSchema['x-expected'];
      const form = typeof expected === 'string' ? expected : 'in the form that is wanted here';
      // Where a secret's source is named, a secret may have been written instead.
      const shown = path.at(-1) === 'fromEnv' ? 'this' : quote(wrong);
      return { message: `${shown} is not ${form}`, ...(at && { path: at }) };
    }
    case 'maxLength':
      return {
        message: `a name or pattern has at most ${String(params['limit'])} characters`,
        ...(at && { path: at }),
      };
    case 'anyOf':
      return { message: `${where} is not ${String(parentSchema['x-expected'] ?? 'in any form that is wanted here')}` };
    case 'discriminator':
      return tellTag(String(params['tag']), params['tagValue'], where, path);
    case 'propertyNames':
      return undefined;
    case 'minItems':
    case 'minProperties':
      return { message: `${where} must not be empty` };
    default:
      return { message: `${where} ${error.message ?? 'is not valid'}` };
  }
}

/** `"roles"`, and of what has no name of its own where it stands: `entry 1 of "roles"`. */
function placeName(data: unknown, path: DocumentPath): string {
  if (path.length === 0) return 'the file';
  const within = path.slice(0, -1);
  if (!Array.isArray(valueAt(data, within))) return `"${path.at(-1)}"`;
  return `entry ${Number(path.at(-1)) + 1} of ${placeName(data, within)}`;
}

/** What `rolesInfo`, `usersInfo` and `listCollections` list, and a policy has by name. */
const LISTED: ReadonlyMap<unknown, string> = new Map([
  ['roles', 'name@db'],
  ['users', 'name@db'],
  ['collections', 'db.collection'],
]);

function sourceHint({ properties = {} }: SchemaError['parentSchema']): string {
  return namesSource(Object.keys(properties as object)) ? ': write { fromEnv: NAME } or { fromFile: path }' : '';
}

function listHint(value: unknown, path: DocumentPath): string {
  const name = Array.isArray(value) && value.length > 0 && path.length === 1 ? LISTED.get(path[0]) : undefined;
  return name === undefined ? '' : `: write each entry under its name, as in ${name}: { … }`;
}

const BEFORE_THE_COLON = ': the name stands before the colon, as name@db';
const AS_SCHEMA = ': write what stands under its $jsonSchema as "schema"';

/** Fields of MongoDB's commands that a policy says otherwise, by the schema's title. */
const PASTED_KEYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  RoleEntry: { role: BEFORE_THE_COLON, db: BEFORE_THE_COLON, createRole: BEFORE_THE_COLON },
  UserEntry: {
    user: BEFORE_THE_COLON,
    db: BEFORE_THE_COLON,
    createUser: BEFORE_THE_COLON,
    pwd: ': write password: { fromEnv: NAME }, and the password into that variable',
  },
  CollectionEntry: { validator: AS_SCHEMA, $jsonSchema: AS_SCHEMA },
};

function pastedKey(title: unknown, key: string): string | undefined {
  const hints = PASTED_KEYS[String(title)] ?? {};
  return Object.hasOwn(hints, key) ? hints[key] : undefined;
}

/** What to write for what was taken over from the shell or from another tool as it stood there. */
function pastedForm(
  { keyword, parentSchema: { title } }: SchemaError,
  value: unknown,
): { readonly message: string; readonly path?: DocumentPath } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (keyword !== 'additionalProperties' && keyword !== 'required') return undefined;
  if (title === 'PrivilegeEntry' && ('resource' in value || 'actions' in value)) {
    const message =
      'this is a privilege in the form of MongoDB\'s commands: write "on" for "resource", and "allow" for "actions"';
    return { message };
  }
  const field = title === 'RoleName' ? 'role' : title === 'UserName' ? 'user' : undefined;
  if (field === undefined || !(field in value) || 'name' in value) return undefined;
  const message = `this is a ${field} in the form of MongoDB's commands: write "name" for "${field}", or the two in one as name@db`;
  return { message };
}

/** What the other keys may be hangs on this one. */
function tellTag(
  tag: string,
  value: unknown,
  where: string,
  path: DocumentPath,
): { readonly message: string; readonly path?: DocumentPath } {
  if (value === undefined) return { message: `${where} lacks the key "${tag}"` };
  return { message: `${quote(value)} is no ${tag} that this version knows`, path: [...path, tag] };
}

/** Values are shown short: a line that goes wrong may hold a secret where none belongs. */
function quote(value: unknown): string {
  const text = withoutLogins(String(value));
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
}

function typeNames(type: unknown): string {
  const names: Record<string, string> = {
    object: 'a map',
    array: 'a list',
    string: 'a text',
    boolean: 'true or false',
  };
  const types = Array.isArray(type) ? type : String(type).split(',');
  return types.map((name) => names[String(name)] ?? String(name)).join(' or ');
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return 'a text';
  return `${String(value)}${typeof value === 'number' ? ' (quote it if a text is meant)' : ''}`;
}

function valueAt(data: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.hasOwn(value, part) ? (value as Readonly<Record<string | number, unknown>>)[part] : undefined;
  }, data);
}
