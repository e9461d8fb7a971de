/* Generated from schema/ by `npm run generate`. Do not edit. */
/** What a validator says of one thing that does not fit, in ajv's words. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema object that holds the keyword. */
  readonly parentSchema: Readonly<Record<string, unknown>>;
  /** The key that is wrong, where the error is about a key. */
  readonly propertyName?: string;
  readonly message?: string;
}

interface Validator {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}
export const validatePolicyFile: Validator;
export const validateConfigFile: Validator;
export const validateSnapshotFile: Validator;
export const validateMigrationFile: Validator;
export const validateExpectationsFile: Validator;
