/** Documents of expectations against the field maps of policies. */
import type { IntentCollection } from '../policy/intent.ts';

/** The fields that must be sealed: `user.email`. */
export function sealedPaths(encryption: IntentCollection['encryption']): readonly string[] {
  return Object.keys(encryption?.fields ?? {});
}

/** What stands in a document at a path such as `user.email`; nothing if nothing does. */
export function valueAtPath(document: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    return (value as Readonly<Record<string, unknown>>)[name];
  }, document);
}
