/** Connection strings: shown without credentials, and used without them to see what a stranger may do. */
import { Failure } from '../failure.ts';

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
 * The connection string, if its servers can be told from its password; throws a Failure that shows nothing of it
 * otherwise. The driver ends a password at the first `@` that is not percent-encoded, and takes what follows for servers,
 * which messages name.
 */
export function checkedUri(uri: string): string {
  if (!isConnectionString(uri)) {
    throw new Failure('this is not a connection string', { advice: 'it begins with mongodb:// or mongodb+srv://' });
  }
  if (uri.split('@').length > 2) {
    throw new Failure('this is not a valid connection string: an @ is not percent-encoded', {
      advice: 'in user, password and options write %40 for it',
    });
  }
  return uri;
}
