import { formatNamespace } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';
import { topLevel } from '../entry-place.ts';
import { isGuidedTrail } from '../guided-trail.ts';
import { GUIDE_CONTROLS } from './controls.ts';

export const missing: LintRule = {
  kind: 'checks',
  name: 'attestations/missing',
  description: 'A control that the audit-trail guide demands, and MongoDB can’t show, is not declared',
  recommended: 'info',
  strict: 'warning',
  source: 'the audit-trail guide’s checklist: retention of Kafka and Grafana, transport to Kafka',
  check: (context) => {
    const { attestations, collections } = context.intent;
    const trail = collections.find(isGuidedTrail);
    const declared = new Set(attestations.map(({ control }) => control));
    const absent = Object.entries(GUIDE_CONTROLS).filter(([control]) => !declared.has(control));
    if (trail === undefined || absent.length === 0) return [];
    const list = absent.map(([control, about]) => `${control}, ${about}`).join('; ');
    const message = `the trail ${formatNamespace(trail.ns)} has no attestation of ${list}. Declare each under attestations, with an owner and a date of review`;
    const begun = attestations.length > 0;
    return [
      {
        message,
        at: topLevel(context, 'attestations') ?? trail.origin,
        // A trail may reach MongoDB without Kafka: who declares some of the controls has it.
        ...(begun ? {} : { severity: 'info' as const }),
      },
    ];
  },
};
