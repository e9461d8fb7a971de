/** What an operation does, in words for people. */
import { handlerOf } from './handlers.ts';
import type { Operation } from './operation.ts';

/**
 * `create role auditWriter@audit`
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { describeOperation } from 'mongoward';
 *
 * assert.equal(describeOperation({ kind: 'dropUser', target: 'app@admin' }), 'drop user app@admin');
 * ```
 */
export function describeOperation({ kind, target }: Pick<Operation, 'kind' | 'target'>): string {
  return `${handlerOf(kind).heading[1]} ${target}`;
}
