import { formatNamespace } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';
import { partOf, topLevel } from '../entry-place.ts';

export const tls: LintRule = {
  kind: 'checks',
  name: 'transport/tls',
  description: 'The policy does not demand TLS of the deployment',
  recommended: 'warning',
  strict: 'error',
  source:
    'the audit-trail guide: TLS to MongoDB; CIS MongoDB benchmark, “Ensure encryption of data in transit”; net.tls.mode',
  check: (context) => {
    const { cluster, collections } = context.intent;
    const at = topLevel(context, 'cluster');
    const shown = 'Whoever is on the network can read documents and audit records, and take sessions over';
    if (cluster.tls === 'requireTLS') return [];
    if (cluster.tls !== undefined && at !== undefined) {
      const message = `with ${cluster.tls} clients may connect in the clear. ${shown}. Set tls: requireTLS`;
      return [{ message, at: partOf(context, at, ['tls']) }];
    }
    const entry = collections.find(({ protection }) => protection !== 'none');
    if (entry === undefined) return [];
    const message = `${formatNamespace(entry.ns)} is protected, but the policy does not demand TLS. ${shown}. Set tls: requireTLS under cluster`;
    return [{ message, at: at ?? entry.origin, unsaid: true }];
  },
};
