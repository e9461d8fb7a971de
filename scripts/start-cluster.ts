/**
 * Starts a cluster with access control to run the live suite on, and prints its connection string as
 * `MONGOWARD_TEST_URI=…`. Its members go on running; their data, logs and process ids are in the folder.
 *
 *     tsx scripts/start-cluster.ts FOLDER standalone|replicaSet|sharded BINARIES PORT
 *
 * BINARIES: the folder of `mongod` and `mongos`. PORT: the first; the members take the ones after it.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Document, MongoClient } from 'mongodb';

const [folder = '', topology = '', binaries = '', firstPort = ''] = process.argv.slice(2);
const dir = resolve(folder);
const port = Number(firstPort);
const key = join(dir, 'key');
const root = { user: 'root', pwd: 'root' };
const login = `${root.user}:${root.pwd}@`;

mkdirSync(dir, { recursive: true });
writeFileSync(key, randomBytes(96).toString('base64'), { mode: 0o400 });
console.log(`MONGOWARD_TEST_URI=${await start()}`);

async function start(): Promise<string> {
  switch (topology) {
    case 'standalone':
      mongod('standalone', port, '--auth');
      await makeRoot(direct(port));
      return `mongodb://${login}127.0.0.1:${port}/?authSource=admin`;
    case 'replicaSet': {
      const hosts = await replicaSet('rs0', [port, port + 1, port + 2]);
      await makeRoot(direct(port));
      return `mongodb://${login}${hosts.join(',')}/?authSource=admin&replicaSet=rs0`;
    }
    case 'sharded': {
      const [config] = await replicaSet('config', [port + 1], '--configsvr');
      const shards = [
        ['shard0', port + 2],
        ['shard1', port + 3],
      ] as const;
      for (const [name, at] of shards) await replicaSet(name, [at], '--shardsvr');
      run('mongos', 'mongos', port, ['--configdb', `config/${config}`, '--keyFile', key]);
      await makeRoot(`mongodb://127.0.0.1:${port}/`);
      const uri = `mongodb://${login}127.0.0.1:${port}/?authSource=admin`;
      for (const [name, at] of shards) await command(uri, { addShard: `${name}/127.0.0.1:${at}` });
      return uri;
    }
    default:
      throw new Error(`"${topology}" is none of standalone, replicaSet and sharded`);
  }
}

/** Starts the members, which elect a primary; gives their addresses. */
async function replicaSet(name: string, ports: readonly number[], ...options: readonly string[]): Promise<string[]> {
  const hosts = ports.map((each) => `127.0.0.1:${each}`);
  for (const each of ports) mongod(`${name}-${each}`, each, '--replSet', name, '--keyFile', key, ...options);
  const [first = port] = ports;
  const configsvr = options.includes('--configsvr');
  // The first is the primary wherever it can be: the root account is made there.
  const members = hosts.map((host, _id) => ({ _id, host, priority: _id === 0 ? 2 : 1 }));
  await command(direct(first), { replSetInitiate: { _id: name, members, ...(configsvr && { configsvr }) } });
  await until(async () => (await command(direct(first), { hello: 1 }))['isWritablePrimary'] === true);
  return hosts;
}

function mongod(name: string, at: number, ...options: readonly string[]): void {
  const data = join(dir, name);
  mkdirSync(data, { recursive: true });
  run('mongod', name, at, ['--dbpath', data, '--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '64', ...options]);
}

function run(program: string, name: string, at: number, options: readonly string[]): void {
  const files = ['--logpath', join(dir, `${name}.log`), '--pidfilepath', join(dir, `${name}.pid`)];
  const where = ['--port', String(at), '--bind_ip', '127.0.0.1', '--unixSocketPrefix', dir];
  execFileSync(join(binaries, program), ['--fork', ...files, ...where, ...options], { stdio: 'ignore' });
}

function direct(at: number): string {
  return `mongodb://127.0.0.1:${at}/?directConnection=true`;
}

/** While there is no account, a connection from the same machine may make the first. */
async function makeRoot(uri: string): Promise<void> {
  await command(uri, { createUser: root.user, pwd: root.pwd, roles: ['root'], writeConcern: { w: 'majority' } });
}

async function command(uri: string, body: Document): Promise<Document> {
  const client = new MongoClient(uri);
  try {
    return await client.db('admin').command(body);
  } finally {
    await client.close();
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (await holds()) return;
    await pause(500);
  }
  throw new Error('no primary was elected within two minutes');
}
