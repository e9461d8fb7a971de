/** Commands on the server and the sharded cluster whose condition is more than one action. Read in the source of 4.4. */
import { CLUSTER, collectionTarget, databaseTarget } from '../../model/resource.ts';
import { compareVersions } from '../../model/version.ts';
import { mendedIn, VULNERABILITIES } from '../vulnerabilities.ts';
import { argument, type Call, documentsIn, has, malformed, namespaceAt, type Rule, truthy } from './call.ts';
import { all, always, any, need, needOn, never } from './condition.ts';

const SETTINGS = collectionTarget({ db: 'config', collection: 'settings' });
const SHARDS = collectionTarget({ db: 'config', collection: 'shards' });
const TAGS = collectionTarget({ db: 'config', collection: 'tags' });

/** What an operation may be said to have ended with (9.0): Interrupted, InterruptedDueToOverload. */
const KILL_CODES: readonly unknown[] = [11601, 473];

/**
 * kill_op_cmd_base.cpp. On `mongos`, `"shard:number"` is an operation of a shard, of which one has to hold `killop`; so does
 * whoever says by which error the operation ends, which is looked at from 9.0 on.
 */
const killOp: Rule = ({ body, context }) => {
  const code = compareVersions(context.version, '9.0') >= 0 ? body.errorCode : undefined;
  if (code !== undefined && !KILL_CODES.includes(code)) return never("an operation can't be ended with that error");
  const own = code === undefined && typeof body.op === 'number';
  return any([
    need(CLUSTER, 'killop'),
    ...(own ? [{ kind: 'unknown', when: 'the operation is its own' } as const] : []),
  ]);
};

/** current_op.cpp, cluster_current_op.cpp. */
const currentOp: Rule = ({ body, context }) =>
  truthy(body.$ownOps) && !context.sharded ? always('it shows what is its own') : need(CLUSTER, 'inprog');

/** profile_common.cpp: whoever can read `system.profile` may see the settings, and, unmended, set `filter`. */
const profile: Rule = (call) => {
  const { db, body, context } = call;
  const level = argument(call);
  if (typeof level !== 'number') throw malformed(call, 'the level must be a number');
  const setting = need(databaseTarget(db), 'enableProfiler');
  const changes = [
    'slowms',
    'sampleRate',
    ...(mendedIn(VULNERABILITIES.profileFilter, context.version) ? ['filter'] : []),
  ];
  if (level >= 0 || changes.some((field) => has(body, field))) return setting;
  return any([needOn({ db, collection: 'system.profile' }, 'find'), setting]);
};

/** ftdc_commands.cpp, cluster_ftdc_commands.cpp. */
const getDiagnosticData: Rule = ({ context }) =>
  all([
    need(CLUSTER, 'serverStatus', 'replSetGetStatus', ...(context.sharded ? ['connPoolStats'] : [])),
    needOn({ db: 'local', collection: 'oplog.rs' }, 'collStats'),
  ]);

/** generic_servers.cpp. */
const features: Rule = ({ body, context }) =>
  truthy(body.oidReset) && mendedIn(VULNERABILITIES.machineId, context.version)
    ? need(CLUSTER, 'oidReset')
    : always('any account may');

/** A shard takes it from other servers only. */
const ofShards =
  (action: string): Rule =>
  (call) =>
    call.context.sharded
      ? need(collectionTarget(namespaceAt(call, argument(call), 'the collection')), action)
      : need(CLUSTER, 'internal');

/** kill_all_sessions_by_pattern_command.cpp: naming users or roles is acting in their place. */
const killAllSessionsByPattern: Rule = (call: Call) => {
  const patterns = documentsIn(call, 'killAllSessionsByPattern');
  const others = patterns.some((pattern) => has(pattern, 'users') || has(pattern, 'roles'));
  return need(CLUSTER, 'killAnySession', ...(others ? ['impersonate'] : []));
};

/** kill_sessions_command.cpp: a user other than oneself is named by the digest `uid`. */
const killSessions: Rule = (call) =>
  documentsIn(call, 'killSessions').some((named) => has(named, 'uid'))
    ? need(CLUSTER, 'killAnySession')
    : always('it kills what is its own');

const ownTransaction: Rule = () => always('a transaction belongs to the user that started it');

export const SERVER: Readonly<Record<string, Rule>> = {
  profile,
  features,
  killAllSessionsByPattern,
  killSessions,
};

/** On `admin` only. */
export const SERVER_ADMIN: Readonly<Record<string, Rule>> = {
  killOp,
  currentOp,
  getDiagnosticData,
  abortTransaction: ownTransaction,
  commitTransaction: ownTransaction,
  'moveChunk movechunk': ofShards('moveChunk'),
  mergeChunks: ofShards('splitChunk'),
};

/** On `admin`, by `mongos` only: cluster_add_shard_to_zone_cmd.cpp and its neighbours, cluster_control_balancer_cmd.cpp. */
export const SERVER_MONGOS: Readonly<Record<string, Rule>> = {
  'addShardToZone addshardtozone': () => any([need(CLUSTER, 'enableSharding'), need(SHARDS, 'update')]),
  'removeShardFromZone removeshardfromzone': () =>
    any([need(CLUSTER, 'enableSharding'), all([need(SHARDS, 'update'), need(TAGS, 'find')])]),
  updateZoneKeyRange: () =>
    any([need(CLUSTER, 'enableSharding'), all([need(SHARDS, 'find'), need(TAGS, 'find', 'update', 'remove')])]),
  balancerStart: () => need(SETTINGS, 'update'),
  balancerStop: () => need(SETTINGS, 'update'),
  balancerStatus: () => need(SETTINGS, 'find'),
};

/** Since 8.0, on `admin` only: manual, "autoCompact". */
export const SERVER_8_0: Readonly<Record<string, Rule>> = { autoCompact: () => need(CLUSTER, 'compact') };
