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
  const kept = query.split('&').filter((option) => !AUTH_OPTIONS.has(nameOf(option)));
  return kept.length === 0 ? address : `${address}?${kept.join('&')}`;
}

/** What names servers, or a way to them, that are not those. */
const SERVER_OPTIONS = new Set(['directconnection', 'loadbalanced', 'replicaset', 'srvmaxhosts', 'srvservicename']);
const HOSTS = /^[\w.[\]:-]+(,[\w.[\]:-]+)*$/;

/**
 * The same login and options for the members of a replica set, `host:port,host:port`. Nothing if they are no hosts, or if
 * the login would hand them a secret: SCRAM and X.509 don't, PLAIN and tokens do.
 */
export function atOtherHosts(uri: string, hosts: string, replicaSet: string): string | undefined {
  const [address = '', query = ''] = uri.split('?', 2);
  const options = query.split('&').filter((option) => option !== '');
  const named = new Map(options.map((option) => [nameOf(option), option.slice(option.indexOf('=') + 1)]));
  if (!HOSTS.test(hosts) || !SAFE_MECHANISM.test(named.get('authmechanism') ?? 'SCRAM-SHA-256')) return undefined;
  const [, scheme = '', credentials = ''] = /^(mongodb(?:\+srv)?):\/\/([^@/?]*@)?/i.exec(address) ?? [];
  const database = /^[^/]*\/\/[^/]*(\/[^/]*)?$/.exec(address)?.[1] ?? '/';
  // What the scheme means for the connection (manual, "SRV Connection Format").
  const tls = /srv/i.test(scheme) && !named.has('tls') && !named.has('ssl') ? ['tls=true'] : [];
  const kept = options.filter((option) => !SERVER_OPTIONS.has(nameOf(option)));
  const set = replicaSet === '' ? [] : [`replicaSet=${encodeURIComponent(replicaSet)}`];
  return `mongodb://${credentials}${hosts}${database}?${[...kept, ...tls, ...set].join('&')}`;
}

const SAFE_MECHANISM = /^(DEFAULT|SCRAM-SHA-(1|256)|MONGODB-X509)$/i;

function nameOf(option: string): string {
  return (option.split('=')[0] ?? '').toLowerCase();
}

/** The same servers and options with other credentials, those of a user of `db`. */
export function withCredentials(uri: string, user: string, password: string, db: string): string {
  const [address = '', query] = withoutCredentials(uri).split('?', 2);
  const [scheme = '', hosts = ''] = address.split('://', 2);
  const options = [`authSource=${encodeURIComponent(db)}`, ...(query === undefined ? [] : [query])].join('&');
  const path = hosts.includes('/') ? hosts : `${hosts}/`;
  return `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${path}?${options}`;
}

/** The servers alone, for messages: `db1:27017,db2:27017`. */
export function hostsOf(uri: string): string {
  return withoutCredentials(uri)
    .replace(/^mongodb(\+srv)?:\/\//i, '')
    .replace(/[/?].*$/s, '');
}

/**
 * What the driver says of a connection string, without the words that stand before its path there: where the @ is missing,
 * the password is taken for a port, and quoted as such.
 */
export function withoutUriWords(message: string, uri: string): string {
  const [, authority = ''] = /^[^/]*:\/\/((?:.*@)?[^/?]*)/s.exec(uri) ?? [];
  // The driver writes %20 for a space before it quotes a server.
  const parts = authority.replaceAll(' ', '%20').split(/[,@]/);
  const words = new Set(parts.flatMap((part) => [part, ...part.split(':')]));
  return message.replaceAll(/\S+/g, (word) => (words.has(word) ? '…' : word));
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
