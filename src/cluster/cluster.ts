/** A live cluster as the rest of the program sees it. */
import type { MongoClient } from 'mongodb';
import type { Cluster } from '../migrate/apply.ts';
import { commandFailure } from './connect.ts';
import { type ReadOptions, readClusterState } from './read.ts';

/** How long a command waits for the majority of a replica set, in milliseconds. */
const WRITE_CONCERN = { w: 'majority', wtimeout: 30_000 };

/** Reads and changes the cluster behind a connected client. `uri` is what the client was made from. */
export function liveCluster(client: MongoClient, uri: string, options: ReadOptions = {}): Cluster {
  return {
    read: () => readClusterState(client, uri, options),
    run: async ({ db, command }) => {
      const name = Object.keys(command)[0] ?? 'command';
      const what = `${name} on ${db}`;
      const reply = await client
        .db(db)
        .command({ ...command, writeConcern: WRITE_CONCERN })
        .catch((error: unknown) => {
          throw commandFailure(what, error);
        });
      const refused: unknown = reply['writeErrors']?.[0]?.['errmsg'] ?? reply['writeConcernError']?.['errmsg'];
      if (refused !== undefined) throw commandFailure(what, new Error(`the server says "${String(refused)}"`));
    },
  };
}
