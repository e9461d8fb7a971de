/** Roles and users as the text of a policy file, in the short forms of the language where they say the same. */
import { escapeHidden, hasHidden } from '../input/characters.ts';
import { formatRole, formatUser, type RoleRef, splitAt } from '../model/names.ts';
import type { Privilege } from '../model/privilege.ts';
import { formatResource, parseResource, type Resource, resourceKey } from '../model/resource.ts';
import type { AuthenticationRestriction, Role, User } from '../model/role.ts';
import { PRESETS } from '../policy/presets.ts';
import { toExtendedJson } from '../state/extended-json.ts';

/** `${` would begin a variable: this one stands for the dollar sign. */
const DOLLAR = 'dollar';

export function fileText(
  name: string,
  kind: 'roles' | 'users',
  db: string,
  entries: readonly string[],
  unmanaged: readonly string[],
  closed = false,
  from = 'as the cluster has them',
): string {
  const body = [
    ...(closed ? ['\ninventory: closed # an account or role that no policy declares is drift'] : []),
    ...(unmanaged.length === 0
      ? []
      : ['\nunmanaged: # watched, never changed', ...unmanaged.map((pattern) => `  - ${scalar(pattern)}`)]),
    ...(entries.length === 0 ? [] : [`\n${kind}:`, ...entries]),
  ].join('\n');
  const what = entries.length === 0 ? '' : `# The ${kind} of the database ${quoted(db)}, ${from}.\n`;
  return `${what}${head(name, body)}${body}\n`;
}

/** What a policy file begins with. */
export function head(name: string, body: string): string {
  const variables = body.includes(`\${${DOLLAR}}`) ? `variables: { ${DOLLAR}: "$" }\n` : '';
  return `apiVersion: mongoward/v1\nmetadata: { name: ${scalar(name)} }\n${variables}`;
}

export function roleText(role: Role, dangers: readonly string[]): string {
  const privileges = role.privileges.map((privilege) => `      - ${privilegeText(privilege)}`);
  return [
    ...dangers.map((danger) => `  # ${danger}`),
    `  ${scalar(formatRole(role))}:`,
    '    adopted: true',
    ...(privileges.length > 0 ? ['    privileges:', ...privileges] : []),
    ...rolesLines(role.roles),
    ...restrictionLines(role.authenticationRestrictions ?? []),
  ].join('\n');
}

export function userText(user: User, dangers: readonly string[]): string {
  const { mechanisms = [], customData } = user;
  const scram = mechanisms.every((mechanism) => mechanism === 'SCRAM-SHA-1' || mechanism === 'SCRAM-SHA-256');
  return [
    ...dangers.map((danger) => `  # ${danger}`),
    `  ${scalar(formatUser(user))}:`,
    '    adopted: true',
    ...rolesLines(user.roles),
    ...(user.db !== '$external' && scram && mechanisms.length > 0
      ? [`    mechanisms: [${mechanisms.join(', ')}]`]
      : []),
    ...restrictionLines(user.authenticationRestrictions ?? []),
    ...(customData === undefined ? [] : [`    customData: ${documentText(customData)}`]),
  ].join('\n');
}

/** A role as {@link scalar} has it; nothing for a text that names none. */
export function parseRoleRef(text: string): RoleRef | undefined {
  const parts = splitAt(text);
  return parts && { role: parts.name, db: parts.db };
}

function rolesLines(roles: readonly RoleRef[]): string[] {
  return roles.length === 0 ? [] : [`    roles: [${roles.map(referenceText).join(', ')}]`];
}

function referenceText(ref: RoleRef): string {
  const text = formatRole(ref);
  const read = splitAt(text);
  const same = read?.name === ref.role && read.db === ref.db;
  return same ? scalar(text) : `{ name: ${scalar(ref.role)}, db: ${scalar(ref.db)} }`;
}

function privilegeText({ resource, actions }: Privilege): string {
  return `{ on: ${resourceText(resource)}, allow: ${allowText(actions)} }`;
}

function allowText(actions: readonly string[]): string {
  const preset = [...PRESETS].find(([, known]) => known.join(' ') === actions.join(' '));
  return preset === undefined ? `[${actions.map(scalar).join(', ')}]` : preset[0];
}

/** Where no short form says it, as of a collection that is called `*` or whose name holds a line end, the document does. */
function resourceText(resource: Resource): string {
  const text = formatResource(resource);
  const read = text.startsWith('{') ? undefined : parseResource(text);
  if (read !== undefined && resourceKey(read) === resourceKey(resource) && !/[\n\r\u2028\u2029]/.test(text)) {
    return scalar(text);
  }
  const fields = Object.entries(resource).map(
    ([key, value]) => `${key}: ${value === true ? 'true' : scalar(String(value))}`,
  );
  return `{ ${fields.join(', ')} }`;
}

function restrictionLines(list: readonly AuthenticationRestriction[]): string[] {
  const [only, ...others] = list;
  if (only === undefined) return [];
  if (others.length === 0 && Object.keys(only).length > 0) return addressLines(only).map((line) => `    ${line}`);
  return ['    authenticationRestrictions:', ...list.map((each) => `      - { ${addressLines(each).join(', ')} }`)];
}

function addressLines({ clientSource, serverAddress }: AuthenticationRestriction): string[] {
  const line = (key: string, addresses: readonly string[]): string => `${key}: [${addresses.map(scalar).join(', ')}]`;
  return [
    ...(clientSource === undefined ? [] : [line('clientSource', clientSource)]),
    ...(serverAddress === undefined ? [] : [line('serverAddress', serverAddress)]),
  ];
}

/** JSON is YAML; Extended JSON keeps what BSON tells apart. */
function documentText(document: Readonly<Record<string, unknown>>): string {
  return escaped(quoted(toExtendedJson(document)));
}

const PLAIN = /^[A-Za-z][A-Za-z0-9_.@/-]*$/;
const RESERVED = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** Without quotes where YAML takes it for this very text. */
export function scalar(text: string): string {
  return escaped(PLAIN.test(text) && !RESERVED.test(text) && !hasHidden(text) ? text : quoted(text));
}

/** In double quotes, what nobody could see as escapes. */
function quoted(value: unknown): string {
  return escapeHidden(JSON.stringify(value));
}

/** As it stands in the file: what `${` begins there is a variable. */
export function escaped(text: string): string {
  return text.replaceAll('${', `\${${DOLLAR}}{`);
}
