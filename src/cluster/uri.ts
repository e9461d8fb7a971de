/** Connection strings: shown without credentials, and used without them to see what a stranger may do. */

const AUTHORITY = /^(mongodb(?:\+srv)?:\/\/)(?:[^@/?]*@)?/i;
const AUTH_OPTIONS = new Set(['authsource', 'authmechanism', 'authmechanismproperties']);

export function isConnectionString(text: string): boolean {
  return /^mongodb(\+srv)?:\/\//i.test(text);
}

/** The same servers and options without user, password and authentication options. */
export function withoutCredentials(uri: string): string {
  const [address = '', query] = uri.replace(AUTHORITY, '$1').split('?', 2);
  if (query === undefined) return address;
  const kept = query.split('&').filter((option) => !AUTH_OPTIONS.has((option.split('=')[0] ?? '').toLowerCase()));
  return kept.length === 0 ? address : `${address}?${kept.join('&')}`;
}

/** The servers alone, for messages: `db1:27017,db2:27017`. */
export function hostsOf(uri: string): string {
  return withoutCredentials(uri)
    .replace(/^mongodb(\+srv)?:\/\//i, '')
    .replace(/[/?].*$/s, '');
}

/**
 * Whether an `@` stands there that is not percent-encoded. The driver ends the password at the first one, and looks for
 * servers of the name that follows: a part of the password, which messages would show.
 */
export function hasBareAt(uri: string): boolean {
  return uri.split('@').length > 2;
}
