/** What a secret looks like in text. Nothing here ever returns the secret itself. */

interface Shape {
  readonly pattern: RegExp;
  /** What it is, after "here stands". */
  readonly what: string;
  /** The part of a match that may be a placeholder. */
  readonly secret?: number;
}

/** Repetitions are bounded: what begins anywhere and goes on for ever would take the square of a line's length. */
const SHAPES: readonly Shape[] = [
  {
    pattern: /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"']{0,300}:([^\s@/"']{1,1000})@/i,
    what: 'a connection string with its password',
    secret: 1,
  },
  { pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, what: 'a private key' },
  { pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, what: 'an AWS access key' },
  { pattern: /\bAIza[0-9A-Za-z_-]{35}\b/, what: 'a Google API key' },
  { pattern: /"?type"?\s*:\s*"?service_account\b/, what: 'a Google service account’s key file' },
  { pattern: /\bAccountKey=[0-9A-Za-z+/]{40,}/, what: 'an Azure storage key' },
  { pattern: /\bgh[pousr]_[0-9A-Za-z]{36,}\b/, what: 'a GitHub token' },
  { pattern: /\bxox[abprs]-[0-9A-Za-z-]{10,}/, what: 'a Slack token' },
  { pattern: /\beyJ[0-9A-Za-z_-]{10,500}\.[0-9A-Za-z_-]{10,4000}\.[0-9A-Za-z_-]{10}/, what: 'a signed token (JWT)' },
  { pattern: /\bSCRAM-SHA-(?:1|256)\b.{0,80}\b(?:storedKey|serverKey)\b/, what: 'a SCRAM credential' },
];

const ANY_SHAPE = new RegExp(SHAPES.map(({ pattern }) => pattern.source).join('|'), 'im');

/** Lines of the text in which a secret of a known shape stands, comments included. */
export function knownSecrets(
  text: string,
): readonly { readonly line: number; readonly column: number; readonly what: string }[] {
  if (!ANY_SHAPE.test(text)) return [];
  return text.split('\n').flatMap((content, index) =>
    SHAPES.flatMap(({ pattern, what, secret }) => {
      const match = pattern.exec(content);
      if (match === null || (secret !== undefined && isPlaceholder(match[secret] ?? ''))) return [];
      return [{ line: index + 1, column: match.index + 1, what }];
    }).slice(0, 1),
  );
}

/** `${NAME}`, `<password>`, `***`, `...`: what documentation writes instead of a secret. */
export function isPlaceholder(text: string): boolean {
  return /^(?:\$\{.*\}|\$[A-Z_]+|<.*>|\{\{.*\}\}|[*x.\u2022\u2026]+|)$/i.test(text.trim());
}

/** Whether something so named holds a secret: `password`, `api_key`, `clientSecret`; not `keyName` or `passwordPolicy`. */
export function isSecretName(name: string): boolean {
  return /(?:^|[._-])(?:pwds?|pass|tokens?|secrets?|bearer)$|(?:passw(?:or)?ds?|passphrases?|secret|(?:secret|private|api|access|local[._-]?master)[._-]?key|[a-z]Tokens?)$/i.test(
    name,
  );
}

const MONGODB_URI = /mongodb(?:\+srv)?(?::|%3A)(?:(?!mongodb(?:\+srv)?(?::|%3A))[^\s"'<>])*/gi;
const SCHEME = /^(mongodb(?:\+srv)?(?::|%3A)(?:\\?\/|%2F){0,2})(.*)$/i;
const SLASHED = /(?:\/|%2F)$/i;
/** What stands behind a host instead of a password: its port, and more hosts. */
const PORT = /^\d{1,5}(?!\.\.\.)(?:,[\w.-]+(?::\d{1,5})?)*(?:[/?]|\W*$)/;
const OTHER_LOGIN = /(:\/{1,2})[^\s/?#:"'<>]*:([^\s/"'<>]*)@/g;
const SECRET_OPTION =
  /((?:[?&;][\w-]*(?:passw(?:or)?d|passphrase|token|secret)=|\bAWS_SESSION_TOKEN(?::|%3A)))[^&,\s"'<>\\]+/gi;
const BARE_LOGIN = /^[^\s:/@]+:[^\s:/@]+@[\w.-]+(?::\d+)?(?:[/?].*)?$/;
const MAY_HOLD_LOGIN = /:\/|mongodb|AWS_SESSION_TOKEN/i;

/**
 * The text with `mongodb://\u2026@host` for a URI that has a user and a password, wherever it stands. A connection string
 * counts as one with one slash or none too, as a path or a slip makes of it, and where its end is cut off.
 */
export function withoutLogins(text: string): string {
  if (!MAY_HOLD_LOGIN.test(text)) return text;
  return text
    .replaceAll(MONGODB_URI, withoutLogin)
    .replaceAll(OTHER_LOGIN, (all, slashes: string, password: string) =>
      isPlaceholder(password) ? all : `${slashes}\u2026@`,
    )
    .replaceAll(SECRET_OPTION, '$1\u2026');
}

/** Whether a text is a login, with the scheme of a URI or without: `user:password@host`. */
export function isLogin(text: string): boolean {
  return BARE_LOGIN.test(text.trim()) || withoutLogins(text) !== text;
}

function withoutLogin(uri: string): string {
  const [, scheme = '', rest = ''] = SCHEME.exec(uri) ?? [];
  const [user, password] = parted(rest);
  if (password === undefined || PORT.test(password)) return uri;
  const at = lastAt(password);
  if (at >= 0) return isPlaceholder(password.slice(0, at)) ? uri : `${scheme}\u2026${password.slice(at)}`;
  const [cut = ''] = /^[^/?\\]*/.exec(password) ?? [];
  if (!SLASHED.test(scheme) || /[[/?]/.test(user) || isPlaceholder(cut)) return uri;
  return `${scheme}\u2026${password.slice(cut.length)}`;
}

/** What stands before the first colon, and behind it. */
function parted(text: string): readonly [string, string?] {
  const colon = /:|%3A/i.exec(text);
  return colon === null ? [text] : [text.slice(0, colon.index), text.slice(colon.index + colon[0].length)];
}

function lastAt(text: string): number {
  const plain = text.lastIndexOf('@');
  return plain >= 0 ? plain : text.lastIndexOf('%40');
}

/** A path to where a secret lies, or the name of a variable that holds it. */
export function isReference(text: string): boolean {
  return /^(?:\.{0,2}\/|[a-z]:\\|file:)/i.test(text) || /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(text);
}

/** What a text is, if it looks like a secret. `named`: the nearest name above it that a secret would have. */
export function secretText(text: string, named: string | undefined): string | undefined {
  if (named !== undefined && !isPlaceholder(text) && !isReference(text)) return `a secret in the clear, as "${named}"`;
  return looksRandom(text) ? 'a text like a generated password or key' : undefined;
}

/** What of a document of plain values looks like a secret, at any depth; nothing if nothing does. */
export function secretIn(value: unknown, named?: string): string | undefined {
  if (typeof value === 'string') return knownSecrets(value)[0]?.what ?? secretText(value, named);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = secretIn(item, !Array.isArray(value) && isSecretName(key) ? key : named);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A document of plain values as others may see it: what {@link secretIn} takes for a secret is a sign for one. */
export function withoutSecrets(value: unknown, named?: string): unknown {
  if (typeof value === 'string') return secretIn(value, named) === undefined ? value : '\u2026';
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, named));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutSecrets(item, isSecretName(key) ? key : named)]),
  );
}

const WORD = /[0-9A-Za-z+/_=-]{24,}/g;

/**
 * Whether a text holds a word like those that random generators make: long, upper and lower case and digits mixed without
 * an order. Names, paths, UUIDs and hashes of commits are none.
 */
export function looksRandom(text: string): boolean {
  if (text.length < 24) return false;
  return (text.match(WORD) ?? []).some((word) => {
    if (!/[A-Z]/.test(word) || !/[a-z]/.test(word) || (word.match(/[0-9]/g) ?? []).length < 2) return false;
    const kinds = [...word].map((character) => (/[A-Z]/.test(character) ? 'A' : /[a-z]/.test(character) ? 'a' : '0'));
    const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
    return changes / (word.length - 1) > 0.42 && new Set(word).size >= 14;
  });
}
