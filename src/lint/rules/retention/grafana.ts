import type { LintRule } from '../../rule.ts';
import { outOfRange } from './range.ts';

export const grafanaRetention: LintRule = {
  kind: 'checks',
  name: 'retention/grafana',
  description: 'The declared retention of Grafana is outside the audit-trail guide’s range of 30 to 60 days',
  recommended: 'error',
  source: 'the audit-trail guide: Grafana 30–60 days (45)',
  check: (context) =>
    outOfRange(context, {
      control: 'grafana-retention',
      from: 30,
      to: 60,
      tooShort: 'What is noticed after weeks can no longer be compared with a second copy',
      tooLong: 'A copy without the protection of the trail is readable for longer than anybody needs it',
    }),
};
