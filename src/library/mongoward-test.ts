/**
 * `mongoward/test`: for the test suite of an application, under any runner. A server of its own with the policies' roles
 * and accounts, a client for each account, and expectations in the words of policy test.
 */

export {
  expectAccess,
  type PolicyServer,
  type PolicyServerOptions,
  startPolicyServer,
} from '../ephemeral/policy-server.ts';
export { Failure } from '../failure.ts';
export type * from '../generated/expectations.ts';
