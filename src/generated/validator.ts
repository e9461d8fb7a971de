/* Generated from schema/ by `npm run generate`. Do not edit. */
/** What a validator says of one thing that does not fit, in ajv's words. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The part of the schema that holds the keyword. */
  readonly parentSchema: Readonly<Record<string, unknown>>;
  /** The key that is wrong, where the error is about a key. */
  readonly propertyName?: string;
  readonly message?: string;
}

export interface Validator {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}
