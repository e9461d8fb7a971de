/** Which collections are time series with buckets beside them: up to 8.x, and none in 9.0. */
import type { MongoClient } from 'mongodb';
import { groupBy } from '../model/keyed.ts';
import type { Namespace } from '../model/names.ts';
import { bucketsOf } from '../model/resource.ts';
import { textIn } from './answers.ts';
import { commandFailure, isUnauthorized } from './connect.ts';
import { Allowance, listed, RAW } from './listing.ts';

/** The buckets of those collections; none where the account may not look. */
export async function readBuckets(
  client: MongoClient,
  collections: readonly Namespace[],
): Promise<readonly Namespace[]> {
  const found = [...groupBy(collections, ({ db }) => db)].map(async ([db, list]): Promise<readonly Namespace[]> => {
    const names = list.map(({ collection }) => bucketsOf(collection));
    try {
      const cursor = client.db(db).listCollections({ name: { $in: names } }, { nameOnly: true, ...RAW });
      const infos = await listed(cursor, new Allowance());
      return infos.map((info) => ({ db, collection: textIn(info, 'name', 'listCollections') }));
    } catch (error) {
      if (isUnauthorized(error)) return [];
      throw commandFailure(`can't list the collections of ${db}`, error);
    }
  });
  return (await Promise.all(found)).flat();
}
