import { formatNamespace } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';
import { partOf } from '../entry-place.ts';
import { isTrail } from '../guided-trail.ts';

const YEAR = 365 * 86_400;

export const trailRetention: LintRule = {
  kind: 'checks',
  name: 'retention/trail',
  description: 'An audit trail may expire after less than a year',
  recommended: 'warning',
  source: 'the audit-trail guide: in MongoDB for ever; PCI DSS 10.5.1: at least twelve months',
  check: (context) =>
    context.intent.collections
      .filter((entry) => isTrail(entry) && (entry.retention?.seconds ?? YEAR) < YEAR)
      .map(({ ns, origin }) => ({
        message: `records of ${formatNamespace(ns)} may be gone before anybody asks for them. Break-ins are noticed after months, and Kafka and Grafana keep records for weeks only. Set retention to forever, or atLeast: 365d`,
        at: partOf(context, origin, ['retention']),
      })),
};
