/** Parts of a `$jsonSchema` document, as MongoDB's server reads them. */

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What `additionalProperties` demands of a property, which no longer reaches it once it is named. */
export function unnamed(schema: JsonSchema, name: string): JsonSchema | undefined {
  return matching(schema, name).length > 0 ? undefined : documentOf(schema['additionalProperties']);
}

/** The schemas of `patternProperties` that concern a property. A pattern that only the server can read is left to it. */
export function matching(schema: JsonSchema, name: string): readonly (readonly [string, JsonSchema])[] {
  return Object.entries(documentOf(schema['patternProperties']) ?? {}).flatMap(([pattern, inner]) => {
    const document = documentOf(inner);
    return document !== undefined && matches(pattern, name) ? [[pattern, document] as const] : [];
  });
}

const UNBOUNDED = /[*+{]/;

/** So long a name, and so many repetitions in a pattern, can't keep anybody busy. */
const LONGEST_NAME = 200;
const MOST_REPETITIONS = 2;

/**
 * Whether an expression finds its answer soon, whatever the name: no repeated groups, few repetitions, nothing that looks
 * back or around. Others are left to the server.
 */
function isTame(pattern: string): boolean {
  const plain = pattern.replaceAll(/\\./gs, '.').replaceAll(/\[[^\]]*\]/g, '.');
  if (/\\[1-9k]/.test(pattern) || /\(\?[=!<]|\)[*+{]/.test(plain)) return false;
  return [...plain].filter((sign) => UNBOUNDED.test(sign)).length <= MOST_REPETITIONS;
}

/** The server's expressions (PCRE) may begin with options, and escape what needs none. */
function matches(pattern: string, name: string): boolean {
  if (name.length > LONGEST_NAME || !isTame(pattern)) return false;
  const { options = '', rest = pattern } = /^\(\?(?<options>[ims]+)\)(?<rest>.*)$/su.exec(pattern)?.groups ?? {};
  return ['u', ''].some((flags) => {
    try {
      return new RegExp(rest, options + flags).test(name);
    } catch {
      return false;
    }
  });
}

export function own(properties: JsonSchema, name: string): JsonSchema | undefined {
  return Object.hasOwn(properties, name) ? documentOf(properties[name]) : undefined;
}

export function documentOf(value: unknown): JsonSchema | undefined {
  return isDocument(value) ? value : undefined;
}

function isDocument(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
