import type { LintRule } from '../../rule.ts';
import { outOfRange } from './range.ts';

export const kafkaRetention: LintRule = {
  kind: 'checks',
  name: 'retention/kafka',
  description: 'The declared retention of Kafka is outside the audit-trail guide’s range of 1 to 5 days',
  recommended: 'error',
  source: 'the audit-trail guide: Kafka 1–5 days',
  check: (context) =>
    outOfRange(context, {
      control: 'kafka-retention',
      from: 1,
      to: 5,
      tooShort: 'An outage of the consumer over a night loses records before they reach MongoDB',
      tooLong: 'Whoever administers Kafka can read records there long after they are safe in MongoDB',
    }),
};
