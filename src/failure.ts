/**
 * Something that a person must act on: the command can't do its job. The message is one sentence that says what happened
 * and to what; `advice` says what to do next. Neither ever holds a secret.
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
