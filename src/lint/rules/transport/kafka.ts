import type { LintRule } from '../../rule.ts';
import { partOf } from '../entry-place.ts';

export const kafkaTransport: LintRule = {
  kind: 'checks',
  name: 'transport/kafka',
  description: 'The declared transport to Kafka lacks TLS or SASL/SCRAM',
  recommended: 'error',
  source: 'the audit-trail guide: Kafka with SASL/SCRAM over TLS and dedicated credentials',
  check: (context) =>
    context.intent.attestations.flatMap((one) => {
      if (one.control !== 'kafka-transport') return [];
      const words = one.value.toUpperCase();
      const tls = /SASL_SSL|TLS/.test(words) && !words.includes('PLAINTEXT');
      const scram = /SCRAM-SHA-(?:256|512)|SCRAM(?!-)/.test(words);
      if (tls && scram) return [];
      const lacks = [
        ...(tls ? [] : ['without TLS whoever is on the network reads and forges records before they are stored']),
        ...(scram ? [] : ['without SCRAM a client shows its password to the broker, or none at all']),
      ];
      const message = `kafka-transport is not what the guide demands: ${lacks.join(', and ')}. Use SASL_SSL/SCRAM-SHA-512`;
      return [{ message, at: partOf(context, one.origin, ['value']) }];
    }),
};
