/** A policy's hash, by which its copies are known again. */
import { createHash } from 'node:crypto';
import { onceFor } from '../model/once.ts';
import { compareText } from '../model/order.ts';
import type { Intent } from '../policy/intent.ts';
import { sortedJson } from '../state/sorted-json.ts';

/**
 * The same for the same compiled policy, in whichever order and on whichever lines its objects stand.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, parsePolicyFile, policyHash } from 'mongoward';
 *
 * const hashOf = (text) => policyHash(compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]).intent);
 * const head = 'apiVersion: mongoward/v1\nmetadata: { name: trail }\n';
 * const hash = hashOf(`${head}roles: { a@x: {}, b@x: {} }`);
 * assert.match(hash, /^[0-9a-f]{64}$/);
 * assert.equal(hashOf(`${head}roles: { b@x: {}, a@x: {} } # in another order`), hash);
 * assert.notEqual(hashOf(`${head}roles: { a@x: {} }`), hash);
 * ```
 */
export function policyHash(intent: Intent): string {
  return hashOf(intent);
}

/** A report tells it several times, and a large policy takes a second. */
const hashOf = onceFor((intent: Intent): string => {
  const { files: _files, inventory, acceptedRisks, ...rest } = intent;
  // What a policy does not say is no part of it: a newer program finds the same hash.
  const said = {
    ...rest,
    ...(inventory !== 'open' && { inventory }),
    ...(acceptedRisks.length > 0 && { acceptedRisks }),
  };
  // Origins are functions, which JSON leaves out.
  const parts = Object.entries(said).flatMap(([part, value]): string[] => {
    const text = sortedJson(Array.isArray(value) ? value.map(sortedJson).sort(compareText) : value);
    return text === '' ? [] : [`${JSON.stringify(part)}:${text}`];
  });
  return createHash('sha256')
    .update(`{${parts.join(',')}}`)
    .digest('hex');
});
