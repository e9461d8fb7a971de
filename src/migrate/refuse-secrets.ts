/** What is written down is committed and read by many: a secret that somebody put into an account's custom data stays out. */
import { Failure } from '../failure.ts';
import type { Operation } from '../plan/operations/operation.ts';
import { secretIn } from '../policy/secrets.ts';
import { toExtendedJson } from '../state/extended-json.ts';

/** Throws a Failure that names the accounts, and never the secret, if a form of an operation would keep one. */
export function refuseSecrets(operations: readonly Operation[]): void {
  const found = new Set(
    operations.flatMap(({ target, before, after }) =>
      [before, after].flatMap((form) => {
        const secret = form && 'customData' in form ? secretIn(toExtendedJson(form.customData)) : undefined;
        return secret === undefined ? [] : [`${target}: its custom data holds ${secret}`];
      }),
    ),
  );
  if (found.size === 0) return;
  throw new Failure('a file would keep a secret that stands in the cluster', {
    details: [...found],
    advice: 'no file was written; take it out of the custom data by hand (updateUser), and plan again',
  });
}
