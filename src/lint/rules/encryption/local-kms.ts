import { providerType } from '../../../encryption/master-key.ts';
import type { LintRule } from '../../rule.ts';
import { partOf } from '../entry-place.ts';
import { sealedCollections } from './fields.ts';

const DEVELOPMENT =
  /(?:^|[^a-z])(?:ci|demo|dev|develop|development|example|local|sandbox|test|tests|testing)(?:[^a-z]|$)/i;

export const localKms: LintRule = {
  kind: 'checks',
  name: 'encryption/local-kms',
  description: 'The master key is a local one, outside development',
  recommended: 'warning',
  strict: 'error',
  source:
    "MongoDB's manual, “KMS Providers”: the local key provider is for development and testing; the audit-trail guide: master key in Google KMS",
  check: (context) => {
    const names = context.files.flatMap(({ data }) => textsOf(data));
    if (DEVELOPMENT.test(context.intent.policy) || names.some((text) => DEVELOPMENT.test(text))) return [];
    return sealedCollections(context).flatMap(({ collection, encryption }) => {
      if (encryption.kms === undefined || providerType(encryption.kms.provider) !== 'local') return [];
      const at = partOf(context, collection.origin, ['encryption', 'kms']);
      const message =
        'the master key lies in a file beside the application. Whoever gets onto that host can open every sealed field, and nobody can take the key back. Use aws, azure, gcp or kmip (a policy for development says so in its name)';
      return [{ message, at }];
    });
  },
};

/** The values of the variables by which a policy tells its environments apart. */
function textsOf(data: unknown): readonly string[] {
  const variables = typeof data === 'object' && data !== null && 'variables' in data ? data.variables : undefined;
  if (typeof variables !== 'object' || variables === null) return [];
  return Object.entries(variables).flatMap(([name, value]) =>
    /^(?:env|environment|stage)$/i.test(name) ? [String(value)] : [],
  );
}
