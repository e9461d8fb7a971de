/** The shipped policy as a migration of an empty cluster: what `migrate new` would write, at a fixed time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatMigrationName } from '../src/migrate/file-names.ts';
import { migrationOf } from '../src/migrate/migration.ts';
import { policyHash } from '../src/migrate/policy-hash.ts';
import { printMigration } from '../src/migrate/print-migration.ts';
import { formatSum, hashOf, SUM_FILE } from '../src/migrate/sum.ts';
import { makePlan } from '../src/plan/plan.ts';
import { compilePolicy, parsePolicyFile } from '../src/policy/compile.ts';
import type { ClusterState } from '../src/state/state.ts';

const POLICY = 'policies/audit-trail.yaml';

/** A folder of its own, as each cluster has: nobody else's cluster is to have it pending. */
const FOLDER = 'migrations/empty-cluster';

/** Everything was looked at, and there is nothing; the oldest release that the policy admits. */
const EMPTY: ClusterState = {
  server: { version: '5.0.0', edition: 'community', topology: 'replicaSet' },
  roles: [],
  users: [],
  databases: [],
  settings: {},
  objects: [],
  unreadable: [],
};

/** Texts by their paths. */
export function shippedMigration(root: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, POLICY), 'utf8');
  const { intent, problems } = compilePolicy([parsePolicyFile({ file: POLICY, text })]);
  if (intent === undefined)
    throw new Error(problems.map(({ line, message }) => `${POLICY}:${line}: ${message}`).join());
  const plan = makePlan(intent, EMPTY);
  if (plan.obstacles.length > 0) throw new Error(plan.obstacles.map(({ message }) => message).join());
  const migration = migrationOf(plan, {
    version: '20260101000000',
    slug: 'audit-trail',
    policyHash: policyHash(intent),
    server: EMPTY.server.version,
  });
  const name = formatMigrationName(migration);
  const printed = printMigration(migration);
  return new Map([
    [`${FOLDER}/${name}`, printed],
    [`${FOLDER}/${SUM_FILE}`, formatSum([{ name, hash: hashOf(printed) }])],
  ]);
}
