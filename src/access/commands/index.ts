/**
 * May this account run this command? The server's own rules, command by command, offline: what a command demands
 * ({@link requirementsOf}), and whether an account's privileges meet it ({@link judge}).
 *
 *     const needed = requirementsOf({ drop: 'logs' }, 'audit', { version: '8.0.4', sharded: false });
 *     judge(needed, graph.privileges(user.roles)).allowed
 */

import { CLUSTER } from '../../model/resource.ts';
import { compareVersions, releaseLine } from '../../model/version.ts';
import { ACCOUNTS, ACCOUNTS_ADMIN } from './accounts.ts';
import { applyOps } from './apply-ops.ts';
import {
  type CommandContext,
  type Document,
  MalformedCommandError,
  type Rule,
  truthy,
  UnknownCommandError,
} from './call.ts';
import { COLLECTIONS, COLLECTIONS_ADMIN, COLLECTIONS_MONGOD } from './collections.ts';
import { all, always, any, type Condition, need, needOn, never } from './condition.ts';
import { INTERNAL_ANYWHERE, INTERNAL_COMMANDS, INTERNAL_ROUTED } from './internal-commands.ts';
import {
  NEWER_COMMANDS,
  NEWER_RULES,
  NEWER_RULES_ADMIN,
  NEWER_RULES_MONGOD,
  NEWER_RULES_MONGOS,
  NEWER_RULES_MONGOS_ADMIN,
} from './newer.ts';
import { READING, READING_ADMIN } from './reading.ts';
import { SERVER, SERVER_8_0, SERVER_ADMIN, SERVER_MONGOS } from './server.ts';
import { type Circumstance, FREE_COMMANDS, SIMPLE_COMMANDS, targetOf } from './simple.ts';
import { WRITING, WRITING_8_0 } from './writing.ts';

export { type CommandContext, MalformedCommandError, UnknownCommandError } from './call.ts';
export { type Condition, describeCondition, describeTarget } from './condition.ts';
export { judge, type Use } from './judge.ts';

interface Command extends Circumstance {
  readonly rule: Rule;
}

const ADMIN = { adminOnly: true } as const;

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ...named({ ...READING, ...WRITING, ...COLLECTIONS, ...ACCOUNTS, ...SERVER, ...NEWER_RULES }),
  ...named({ ...READING_ADMIN, ...COLLECTIONS_ADMIN, ...ACCOUNTS_ADMIN, ...SERVER_ADMIN, ...NEWER_RULES_ADMIN }, ADMIN),
  ...named({ ...COLLECTIONS_MONGOD, ...NEWER_RULES_MONGOD, applyOps }, { only: 'mongod' }),
  ...named(NEWER_RULES_MONGOS, { only: 'mongos' }),
  ...named({ ...SERVER_MONGOS, ...NEWER_RULES_MONGOS_ADMIN }, { ...ADMIN, only: 'mongos' }),
  ...named({ ...WRITING_8_0, ...SERVER_8_0 }, { ...ADMIN, since: '8.0' }),
  ...[...SIMPLE_COMMANDS, ...NEWER_COMMANDS].flatMap(({ names, action, on, ...circumstance }) =>
    named({ [names]: (call) => need(targetOf(call, on), action) }, circumstance),
  ),
  ...FREE_COMMANDS.flatMap((name) => named({ [name]: () => always('any account may') })),
  ...internal(INTERNAL_COMMANDS, { ...ADMIN, only: 'mongod' }),
  ...internal(INTERNAL_ANYWHERE, { only: 'mongod' }),
  ...internal(INTERNAL_ROUTED, {}),
]);

function internal(names: readonly string[], circumstance: Circumstance): [string, Command][] {
  return names.flatMap((name) => named({ [name]: () => need(CLUSTER, 'internal') }, circumstance));
}

/** Every spelling separately. */
function named(rules: Readonly<Record<string, Rule>>, circumstance: Circumstance = {}): [string, Command][] {
  return Object.entries(rules).flatMap(([names, rule]) =>
    names.split(' ').map((name): [string, Command] => [name, { ...circumstance, rule }]),
  );
}

/** Every command known here, in every spelling, sorted. */
export const COMMAND_NAMES: readonly string[] = [...COMMANDS.keys()].sort();

/**
 * What the server demands of whoever runs the command on the database. The first field is the command's name; spelling
 * matters, as it does to the server.
 *
 * @throws UnknownCommandError if no command of that name is known here
 * @throws MalformedCommandError if the server would not understand it, or what is needed to judge it is missing
 */
export function requirementsOf(body: Document, db: string, context: CommandContext): Condition {
  const name = Object.keys(body)[0];
  if (name === undefined) throw new MalformedCommandError('a command is a document whose first field is its name');
  const command = COMMANDS.get(name);
  if (command === undefined) throw new UnknownCommandError(name);
  const refusal = refusalOf(name, command, db, context);
  if (refusal !== undefined) return never(refusal);
  const nested = (inner: Document, on: string): Condition => requirementsOf(inner, on, context);
  const condition = command.rule({ name, body, db, context, nested });
  return truthy(body.rawData) && compareVersions(context.version, '8.2') >= 0
    ? all([condition, rawData(Object.values(body)[0], db)])
    : condition;
}

/**
 * commands.cpp, `checkAuthForRawData` (8.2): for the buckets of a time series by the series' own name. A command whose
 * value is no collection gets it with every right only.
 */
function rawData(value: unknown, db: string): Condition {
  if (typeof value !== 'string') return { kind: 'everything' };
  return any(['performRawDataOperations', 'internal'].map((action) => needOn({ db, collection: value }, action)));
}

/** What comes before privileges: `checkAuthorizationImplPreParse` (commands.cpp), and whether there is the command at all. */
function refusalOf(
  name: string,
  command: Command,
  db: string,
  { version, sharded }: CommandContext,
): string | undefined {
  const { adminOnly, only, since } = command;
  if (since !== undefined && compareVersions(version, since) < 0) {
    return `MongoDB ${releaseLine(version)} has no ${name}, which came with ${since}`;
  }
  if (only === 'mongod' && sharded) return `mongos has no ${name}; it is given to a shard, by the shard's own accounts`;
  if (only === 'mongos' && !sharded) return `only a mongos has ${name}`;
  if (adminOnly && db !== 'admin') return `${name} may only be run on the admin database`;
  return undefined;
}
