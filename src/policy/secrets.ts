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
  return /(?:^|[._-])(?:pwd|pass|token|secret)$|(?:passw(?:or)?d|passphrase|secret|secret[._-]?access[._-]?key|private[._-]?key|api[._-]?key|access[._-]?key|[a-z]Token)$/i.test(
    name,
  );
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
