/**
 * Something that a person must act on: the command can't do its job. The message is one sentence that says what happened
 * and to what; `advice` says what to do next. Neither ever holds a secret.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { Failure, whoCan } from 'mongoward';
 *
 * const unknown = { server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' }, unreadable: [] };
 * try {
 *   whoCan(unknown, 'remove', 'audit.logs');
 * } catch (error) {
 *   if (!(error instanceof Failure)) throw error;
 *   assert.equal(error.message, 'the roles of the cluster are unknown: the snapshot leaves them out');
 *   assert.match(error.advice, /ask as an account that may read them/);
 * }
 * ```
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly advice: string | undefined;
  /** More lines for the reader: the problems of a policy, the operations that are left. */
  readonly details: readonly string[];

  constructor(
    message: string,
    options: { readonly advice?: string; readonly details?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.advice = options.advice;
    this.details = options.details ?? [];
  }
}
