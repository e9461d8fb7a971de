/* Generated from schema/ by `npm run generate`. Do not edit. */
/** What a validator says of one thing that does not fit, in ajv's words. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

interface Validator {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}
export const validatePolicyFile: Validator;
export const validateConfigFile: Validator;
