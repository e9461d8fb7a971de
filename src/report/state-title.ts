/** The first line of a report: what it is about, and which server said so. */
import type { ClusterState, ServerInfo } from '../state/state.ts';
import { wrap } from './layout.ts';
import type { Paint } from './paint.ts';

const TOPOLOGIES = { standalone: 'standalone', replicaSet: 'replica set', sharded: 'sharded cluster' } as const;

/** `MongoDB 8.0.4, replica set`, and whether it is only the stand-in. */
export function serverText({ server }: { readonly server: Omit<ServerInfo, 'edition'> }): string {
  return `MongoDB ${server.version}, ${TOPOLOGIES[server.topology]}${server.simulated === true ? ', simulated' : ''}`;
}

export function stateTitle(what: string, name: string, state: ClusterState, paint: Paint): string {
  return paint('bold', wrap(`${what} on ${name} (${serverText(state)})`, 0, paint.width));
}
