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

/** The server's expressions (PCRE) may begin with options, and escape what needs none. */
function matches(pattern: string, name: string): boolean {
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
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
