/** The points of the guide, in its order. */
import { able, breakers, collectionsUnseen, findingsOn, ofTrails, type Point } from './point.ts';
import { defaultUsers, kept, lastResort, masterKey, sealedFields, widelyHeld } from './seen.ts';

const LOGS = 'Logs';
const ACCESS = 'Access';
const STORAGE = 'At rest';
const TRANSIT = 'In transit';
const COPIES = 'Copies and retention';

const ONLY_INSERT_OR_READ = (ns: string): string =>
  `The roles of the accounts named for ${ns} only let them insert into it or read it.`;

export const POINTS: readonly Point[] = [
  {
    id: 'log-level',
    group: LOGS,
    title: 'No service has a log level above the audit level',
    control: 'log-level',
  },
  {
    id: 'log-content',
    group: LOGS,
    title: 'Logs hold no sensitive data, or hold it encrypted by the client',
    control: 'log-content',
  },
  { id: 'monitoring', group: LOGS, title: 'The trail is monitored', control: 'monitoring' },
  { id: 'alerting', group: LOGS, title: 'Somebody is alerted when Kafka or MongoDB fails', control: 'alerting' },
  {
    id: 'unalterable',
    group: ACCESS,
    title: "What is stored can't be altered, deleted or tampered with",
    seen: (context) =>
      ofTrails(
        context,
        // Where nothing is sealed, getting past the validator changes nothing of what is stored.
        ({ encryption }, ns) => able(context, ns, ['alter', 'destroy', ...(encryption ? ['unseal'] : [])]),
        (ns, { encryption }) =>
          `No account but those of last resort can ${encryption ? 'alter, destroy or unseal' : 'alter or destroy'} ${ns}.`,
      ),
  },
  {
    id: 'dedicated-credentials',
    group: ACCESS,
    title: 'Dedicated credentials have exclusive access to the collection',
    seen: (context) =>
      ofTrails(
        context,
        ({ access }, ns) =>
          access.has('insert') && access.has('read')
            ? breakers(context, ns, ['insert', 'read'])
            : { wrong: [`The policy does not say under access who alone may insert into and read ${ns}.`] },
        (ns) => `Nobody but the accounts that the policy names can insert into or read ${ns}.`,
      ),
  },
  {
    id: 'insert-or-read',
    group: ACCESS,
    title: 'Accounts of the trail have custom roles that allow only insert or read',
    seen: (context) => ofTrails(context, (trail, ns) => widelyHeld(context, trail, ns), ONLY_INSERT_OR_READ),
  },
  {
    id: 'default-users',
    group: ACCESS,
    title: "Default users are reviewed, and can't read, change or delete the trail",
    seen: (context) => defaultUsers(context),
  },
  {
    id: 'last-resort',
    group: ACCESS,
    title: 'Accounts of last resort are not used from day to day',
    control: 'last-resort',
    seen: (context) => lastResort(context),
  },
  {
    id: 'access-review',
    group: ACCESS,
    title: 'Access and policies are reviewed regularly',
    control: 'access-review',
  },
  {
    id: 'dedicated-database',
    group: STORAGE,
    title: 'The trail has a database of its own',
    seen: (context) =>
      ofTrails(
        context,
        ({ dedicatedDatabase, ns }, name) => {
          if (!dedicatedDatabase) return { wrong: [`The policy does not say dedicatedDatabase: true of ${name}.`] };
          const unseen = collectionsUnseen(context.actual, ns.db);
          return unseen ?? { wrong: findingsOn(context, ['protection/dedicated-database'], ns.db) };
        },
        (ns) => `Nothing but ${ns} is stored in its database.`,
      ),
  },
  {
    id: 'separate-instance',
    group: STORAGE,
    title: 'A separate instance for the trail has been considered',
    control: 'separate-instance',
  },
  {
    id: 'sealed-fields',
    group: STORAGE,
    title: 'Sensitive fields are encrypted by the client (CSFLE)',
    seen: (context) => sealedFields(context),
  },
  {
    id: 'master-key',
    group: STORAGE,
    title: 'The master key is kept in a key management service',
    seen: (context) => masterKey(context),
  },
  {
    id: 'encryption-at-rest',
    group: STORAGE,
    title: 'The storage is encrypted',
    control: 'encryption-at-rest',
    seen: ({ actual }) => {
      const { encryptionAtRest } = actual.settings ?? {};
      if (encryptionAtRest === true)
        return { status: 'verified', evidence: ['security.enableEncryption is on at the server that was asked.'] };
      return { status: 'unknown', evidence: ["The server does not encrypt its files, or can't say. A disk may."] };
    },
  },
  {
    id: 'tls',
    group: TRANSIT,
    title: 'MongoDB takes connections over TLS only',
    seen: ({ actual }) => {
      const { tls } = actual.settings ?? {};
      if (tls === undefined) return { status: 'unknown', evidence: ['net.tls.mode could not be seen.'] };
      return tls === 'requireTLS'
        ? { status: 'verified', evidence: ['net.tls.mode is requireTLS.'] }
        : { status: 'failed', evidence: [`net.tls.mode is ${tls}, so that a client may connect in the clear.`] };
    },
  },
  {
    id: 'kafka-transport',
    group: TRANSIT,
    title: 'Clients reach Kafka over TLS',
    control: 'kafka-transport',
  },
  {
    id: 'kafka-authentication',
    group: TRANSIT,
    title: 'Kafka authenticates with SASL/SCRAM, by dedicated credentials',
    control: 'kafka-authentication',
  },
  {
    id: 'kafka-topic',
    group: TRANSIT,
    title: 'Those credentials have exclusive access to the topic',
    control: 'kafka-topic',
  },
  {
    id: 'https-between-services',
    group: TRANSIT,
    title: 'Services speak HTTPS with each other, unless they are internal',
    control: 'https-between-services',
  },
  {
    id: 'mongodb-retention',
    group: COPIES,
    title: 'MongoDB keeps the trail for ever',
    seen: (context) =>
      ofTrails(
        context,
        (trail) => kept(context, trail),
        (ns) => `Nothing removes documents of ${ns}: no TTL index, no expireAfterSeconds, no cap.`,
      ),
  },
  {
    id: 'kafka-retention',
    group: COPIES,
    title: 'Kafka keeps the records for 1 to 5 days',
    control: 'kafka-retention',
  },
  {
    id: 'grafana-retention',
    group: COPIES,
    title: 'Grafana keeps its copy for 30 to 60 days',
    control: 'grafana-retention',
  },
  { id: 'grafana-copy', group: COPIES, title: 'A redundant copy is read-only', control: 'grafana-copy' },
];
