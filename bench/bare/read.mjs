/** What somebody writes who wants to see a cluster's access control: everything at once, as fast as the driver goes. */
import { MongoClient } from 'mongodb';

const client = new MongoClient(process.env.BENCH_URI);
const admin = client.db('admin');

async function collectionsOf({ name }) {
  if (name === 'local' || name === 'config') return [];
  return client.db(name).listCollections().toArray();
}

try {
  const [hello, roles, builtins, users, databases, objects, options, status] = await Promise.all([
    admin.command({ hello: 1 }),
    admin.collection('system.roles').find().toArray(),
    admin.command({ rolesInfo: 1, showBuiltinRoles: true, showPrivileges: true }),
    admin
      .collection('system.users')
      .find({}, { projection: { credentials: 0 } })
      .toArray(),
    admin.command({ listDatabases: 1, nameOnly: true }),
    client.db('mongoward').collection('objects').find().toArray(),
    admin.command({ getCmdLineOpts: 1 }),
    admin.command({ connectionStatus: 1, showPrivileges: true }),
  ]);
  const collections = await Promise.all(databases.databases.map(collectionsOf));
  const all = { hello, roles, builtins, users, collections, objects, options, status };
  console.log(JSON.stringify(all).length);
} finally {
  await client.close();
}
