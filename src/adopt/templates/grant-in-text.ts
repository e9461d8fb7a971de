/** Roles added to an account in the text of a policy file, all else left as it stands there. */
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { scalar } from '../write.ts';

/** The new text; nothing if the account is not in the file, or its roles are in no list that could be added to. */
export function grantInText(text: string, user: string, roles: readonly string[]): string | undefined {
  const document = parseDocument(text);
  const entry = document.getIn(['users', user], true);
  if (!isMap(entry)) return undefined;
  const list = entry.get('roles', true);
  const held = isSeq(list) ? list.items.flatMap((item) => (isScalar(item) ? String(item.value) : [])) : [];
  const added = roles.filter((role) => !held.includes(role)).map(scalar);
  if (added.length === 0) return text;
  if (list === undefined) return withRoles(text, entry.items[0]?.key, added);
  const end = isSeq(list) && list.flow === true ? list.range?.[1] : undefined;
  if (end === undefined || !isSeq(list) || text[end - 1] !== ']') return undefined;
  const separator = list.items.length === 0 ? '' : ', ';
  const before = text.slice(0, end - 1).trimEnd();
  return `${before}${separator}${added.join(', ')}${text.slice(end - 1)}`;
}

/** Before the first key of an entry that has no roles. */
function withRoles(text: string, first: unknown, added: readonly string[]): string | undefined {
  const start = isScalar(first) ? first.range?.[0] : undefined;
  if (start === undefined) return undefined;
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const roles = `roles: [${added.join(', ')}]`;
  return line.trim() === ''
    ? `${text.slice(0, start)}${roles}\n${line}${text.slice(start)}`
    : `${text.slice(0, start)}${roles}, ${text.slice(start)}`;
}
