/** What a report rests on and was not seen: unknown is never taken for none. */
import { unknownRoles } from '../access/assignable.ts';
import type { Intent } from '../policy/intent.ts';
import { leftOut } from '../state/left-out.ts';
import type { ClusterState, Unreadable } from '../state/state.ts';
import { canJudge, DEPLOYMENT_DEMANDS } from './deployment-demands.ts';

/** What could not be read, what the state leaves out although the policy needs it, and roles that nothing defines. */
export function unseenParts(intent: Intent, state: ClusterState): readonly Unreadable[] {
  const named = new Set(state.unreadable.map(({ what }) => what));
  const why = (what: string): string => (state.operator === undefined ? leftOut(what) : NOT_TOLD);
  const missing = [
    ...neededParts(intent, state).map((what) => ({ what, why: why(what) })),
    ...unjudged(intent, state, why),
  ];
  return [...state.unreadable, ...missing.filter(({ what }) => !named.has(what)), ...unknownRoles(state)];
}

const NOT_TOLD = 'the server did not tell: the account needs getParameter and getCmdLineOpts on the cluster';

/** The parts that are unknown, in the words of {@link ClusterState}. */
function neededParts({ cluster, collections }: Intent, state: ClusterState): readonly string[] {
  const { authorization, tls } = state.settings ?? {};
  return [
    ...(['roles', 'users', 'databases', 'objects'] as const).filter((part) => state[part] === undefined),
    ...(state.keyVaults === undefined && collections.some(({ encryption }) => encryption) ? ['keyVaults'] : []),
    ...(cluster.authorization !== undefined && authorization === undefined ? ['settings.authorization'] : []),
    ...(cluster.tls !== undefined && tls === undefined ? ['settings.tls'] : []),
  ];
}

/** What the policy demands of the deployment, and the state does not tell. */
function unjudged({ cluster }: Intent, state: ClusterState, why: (what: string) => string): readonly Unreadable[] {
  return DEPLOYMENT_DEMANDS.filter(({ demand }) => cluster[demand] !== undefined)
    .filter((demand) => !canJudge(demand, cluster, state))
    .map(({ setting, why: own }) => {
      const what = setting === undefined ? 'server.version' : `settings.${setting}`;
      return { what, why: own?.(state.server) ?? why(what) };
    });
}
