/** `listDatabases` and `dropDatabase`. */
import { CLUSTER, databaseTarget } from '../../model/resource.ts';
import { mayAnythingIn } from '../authorize.ts';
import { anybody, type Command, type Context } from '../command-definition.ts';
import { commandError } from '../errors.ts';
import { collectionsOf, databaseNames } from '../listing.ts';
import { compileQuery } from '../matcher.ts';
import { flag, onlyKnown, optionalDocument } from '../request.ts';
import type { Document } from '../values.ts';

/** Whoever may not list all databases gets those in which they may do something. */
function listDatabases({ request, caller, sandbox }: Context): Document {
  onlyKnown(request, ['nameOnly', 'filter', 'authorizedDatabases']);
  const mayListAll = caller.may('listDatabases', CLUSTER);
  const authorizedOnly = flag(request, 'authorizedDatabases', !mayListAll);
  if (!authorizedOnly && !mayListAll) {
    throw commandError('Unauthorized', 'Insufficient permissions to list all databases');
  }
  const nameOnly = flag(request, 'nameOnly');
  const matches = compileQuery(optionalDocument(request, 'filter') ?? {});
  const databases = databaseNames(sandbox)
    .filter((db) => !authorizedOnly || mayAnythingIn(caller, db))
    .map((name) => {
      if (nameOnly) return { name };
      return { name, sizeOnDisk: 0, empty: collectionsOf(sandbox, name).length === 0 };
    })
    .filter(matches);
  return { databases, ...(nameOnly ? {} : { totalSize: 0, totalSizeMb: 0 }) };
}

function dropDatabase({ request, sandbox }: Context): Document {
  const { db } = request;
  if (db === 'admin') throw commandError('IllegalOperation', `Dropping the '${db}' database is prohibited.`);
  return sandbox.databases.dropDatabase(db) ? { dropped: db } : {};
}

export const DATABASE_COMMANDS: readonly Command[] = [
  { name: 'listDatabases', adminOnly: true, authorize: anybody, run: listDatabases },
  {
    name: 'dropDatabase',
    authorize: ({ request, caller }) => caller.may('dropDatabase', databaseTarget(request.db)),
    run: dropDatabase,
  },
];
