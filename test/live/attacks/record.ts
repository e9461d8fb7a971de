/**
 * What an attacking account sent and what the server answered, as it is kept under test/truth/techniques-*.json. The page
 * docs/what-roles-can-do.md is made from it.
 */
import { EJSON } from 'bson';
import { type CommandStartedEvent, type Document, MongoClient } from 'mongodb';
import { formatResource, type Resource } from '../../../src/model/resource.ts';
import { SECRET } from './scene.ts';

export interface RecordedTechniques {
  readonly server: { readonly version: string; readonly topology: string };
  readonly techniques: RecordedTechnique[];
  readonly notTried: { readonly technique: string; readonly timeSeries?: true; readonly why: string }[];
}

export interface RecordedTechnique {
  readonly technique: string;
  readonly timeSeries?: true;
  /** What the account held: `find on audit.logs`. It brought the technique about by it, and with less it was refused. */
  readonly held: readonly string[];
  readonly sent: readonly Exchange[];
}

export interface Exchange {
  readonly db: string;
  /** The command without what drivers add; empty where the driver keeps it to itself, as it does with passwords. */
  readonly command: Document;
  /** What is answered besides `ok`; `error` is the server's code and sentence. */
  readonly answer?: Document;
  readonly error?: string;
}

/** What is of no interest, and what drivers do by themselves. */
const BY_DRIVERS: ReadonlySet<string> = new Set([
  'hello',
  'isMaster',
  'ismaster',
  'ping',
  'saslStart',
  'saslContinue',
  'endSessions',
  'getMore',
  'killCursors',
]);
const OF_EVERY_COMMAND: ReadonlySet<string> = new Set([
  'lsid',
  '$db',
  '$clusterTime',
  '$readPreference',
  'txnNumber',
  'readConcern',
  'comment',
]);
const OF_EVERY_ANSWER: ReadonlySet<string> = new Set([
  'ok',
  '$clusterTime',
  'operationTime',
  '$gleStats',
  'electionId',
  'opTime',
  'lastCommittedOpTime',
  '$configTime',
  '$topologyTime',
  'topologyVersion',
]);
/** Of each technique: enough to see what is done. */
const MOST = 3;

/** Runs `work` by an account of the URI, and gives what the account sent besides what `work` gives. */
export async function recorded<T>(
  uri: string,
  names: ReadonlyMap<string, string>,
  work: (account: MongoClient) => Promise<T>,
): Promise<{ readonly answer: T; readonly sent: readonly Exchange[] }> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5000, retryWrites: false, monitorCommands: true });
  const started = new Map<number, CommandStartedEvent>();
  const sent: Exchange[] = [];
  const note = (requestId: number, outcome: Pick<Exchange, 'answer' | 'error'>): void => {
    const event = started.get(requestId);
    if (event === undefined || BY_DRIVERS.has(event.commandName)) return;
    const command = Object.keys(event.command).length === 0 ? { [event.commandName]: '…' } : event.command;
    sent.push(renamed({ db: event.databaseName, command: without(command, OF_EVERY_COMMAND), ...outcome }, names));
  };
  client.on('commandStarted', (event) => started.set(event.requestId, event));
  client.on('commandSucceeded', ({ requestId, reply }) => {
    note(requestId, { answer: without(typeof reply === 'object' && reply !== null ? reply : {}, OF_EVERY_ANSWER) });
  });
  client.on('commandFailed', ({ requestId, failure }) => {
    const code = 'code' in failure ? `${failure.code}: ` : '';
    note(requestId, { error: `${code}${failure.message}` });
  });
  try {
    const answer = await work(client);
    return { answer, sent: eachOnce(sent).slice(0, MOST) };
  } finally {
    await client.close();
  }
}

export function heldText(
  held: readonly { readonly action: string; readonly resource: Resource }[],
  names: ReadonlyMap<string, string>,
): readonly string[] {
  return held.map(({ action, resource }) => renamedText(`${action} on ${formatResource(resource)}`, names)).sort();
}

/** JSON with a line for each technique, so that a change of one is a change of a line. */
export function techniquesText({ server, techniques, notTried }: RecordedTechniques): string {
  const lines = (list: readonly unknown[]): string => list.map((item) => `\n${JSON.stringify(item)}`).join(',');
  return `{"server":${JSON.stringify(server)},\n"techniques":[${lines(techniques)}],\n"notTried":[${lines(notTried)}]}\n`;
}

function without(document: object, keys: ReadonlySet<string>): Document {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !keys.has(key)));
}

/** Names of one run, identifiers and moments are other ones each time: one name stands for each. */
function renamed(exchange: Exchange, names: ReadonlyMap<string, string>): Exchange {
  const text = renamedText(EJSON.stringify(exchange, { relaxed: true }), names)
    .replace(/\{"\$(?:uuid|binary)":(?:"[^"]*"|\{[^}]*\})\}/g, '"UUID"')
    .replace(/\{"\$oid":"[^"]*"\}/g, '"ObjectId"')
    .replace(/\{"\$date":(?:"[^"]*"|\{[^}]*\})\}/g, '"Date"')
    .replace(/\{"\$timestamp":\{[^}]*\}\}/g, '"Timestamp"')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replace(/127\.0\.0\.1:\d+|"host":"[^"]*"/g, (text) => (text.startsWith('"') ? '"host":"HOST"' : 'HOST'))
    .replace(/\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)?/g, 'Date')
    .replace(/"(salt|storedKey|serverKey)":"[^"]*"/g, '"$1":"…"')
    .replace(/"((?:[^"\\]|\\.){240})(?:[^"\\]|\\.)*"/g, '"$1…"');
  return pruned(JSON.parse(text)) as Exchange;
}

/** What is told of a list and of a document that has many fields. */
const MOST_ITEMS = 2;
const MOST_FIELDS = 8;

/** Of long lists and documents what shows the word of the stage, or else how they begin; `…` stands for the rest. */
export function pruned(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length <= MOST_ITEMS) return value.map(pruned);
    return [pruned(value.find(holdsWord) ?? value[0]), '…'];
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value);
  const telling = fields.filter(([, inner]) => holdsWord(inner));
  const kept = fields.length <= MOST_FIELDS ? fields : telling.length > 0 ? telling : fields.slice(0, MOST_FIELDS);
  const rest = kept.length < fields.length ? [['…', '…'] as const] : [];
  return Object.fromEntries([...kept.map(([key, inner]) => [key, pruned(inner)] as const), ...rest]);
}

function holdsWord(value: unknown): boolean {
  return JSON.stringify(value ?? null).includes(SECRET);
}

function renamedText(text: string, names: ReadonlyMap<string, string>): string {
  return [...names].reduce((said, [from, to]) => said.replaceAll(from, to), text);
}

/** Of commands that were sent again and again the first. */
function eachOnce(sent: readonly Exchange[]): readonly Exchange[] {
  const byShape = new Map<string, Exchange>();
  for (const exchange of sent) {
    const shape = `${exchange.db} ${Object.keys(exchange.command).join(' ')}`;
    if (!byShape.has(shape)) byShape.set(shape, exchange);
  }
  return [...byShape.values()];
}
