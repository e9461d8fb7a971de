/** What the server tells about itself. */
import { CLUSTER } from '../../model/resource.ts';
import { releaseLine } from '../../model/version.ts';
import { anybody, type Command, type Context } from '../command-definition.ts';
import { commandError } from '../errors.ts';
import { MECHANISMS } from '../scram.ts';
import { type Document, field } from '../values.ts';

const onCluster =
  (action: string) =>
  ({ caller }: Context): boolean =>
    caller.may(action, CLUSTER);

function getCmdLineOpts({ sandbox }: Context): Document {
  const port = sandbox.port();
  return {
    argv: ['mongod', '--auth', '--bind_ip', '127.0.0.1', '--port', String(port)],
    parsed: { net: { bindIp: '127.0.0.1', port }, security: { authorization: 'enabled' } },
  };
}

function parameters({ version }: Context['sandbox']): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['authenticationMechanisms', MECHANISMS],
    ['featureCompatibilityVersion', { version: releaseLine(version) }],
  ]);
}

function getParameter({ request, sandbox }: Context): Document {
  const known = parameters(sandbox);
  if (field(request.body, 'getParameter') === '*') return Object.fromEntries(known);
  const asked = [...known].filter(([name]) => field(request.body, name) !== undefined);
  if (asked.length === 0) throw commandError('InvalidOptions', 'no option found to get');
  return Object.fromEntries(asked);
}

function serverStatus({ sandbox: { counters, port, version } }: Context): Document {
  const commands = [...counters.commands].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    host: `127.0.0.1:${port()}`,
    version,
    process: 'mongod',
    localTime: new Date(),
    connections: { ...counters.connections, available: 1000 },
    opcounters: { ...counters.operations },
    metrics: { commands: Object.fromEntries(commands.map(([name, count]) => [name, { ...count }])) },
    mongowardSandbox: true,
  };
}

export const DIAGNOSTIC_COMMANDS: readonly Command[] = [
  { name: 'getCmdLineOpts', adminOnly: true, authorize: onCluster('getCmdLineOpts'), run: getCmdLineOpts },
  { name: 'getParameter', adminOnly: true, authorize: onCluster('getParameter'), run: getParameter },
  { name: 'serverStatus', authorize: onCluster('serverStatus'), run: serverStatus },
  { name: 'endSessions', anonymous: true, authorize: anybody, run: () => ({}) },
];
