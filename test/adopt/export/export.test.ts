/** What is exported, imported again, is the same, but for what is said to be left out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exportPolicy, TARGETS } from '../../../src/adopt/export/export.ts';
import { importPolicy } from '../../../src/adopt/import/import.ts';
import type { Source } from '../../../src/adopt/import/sources.ts';
import { formatRole, formatUser } from '../../../src/model/names.ts';
import { canonicalRole, canonicalUser, type Role, type User } from '../../../src/model/role.ts';
import { scaled } from '../../support/scaled.ts';

const READ = { resource: { db: 'shop', collection: 'orders' }, actions: ['find'] };
const ROLES: readonly Role[] = [
  {
    role: 'app',
    db: 'admin',
    privileges: [],
    roles: [
      { role: 'base', db: 'admin' },
      { role: 'read', db: 'crm' },
    ],
  },
  {
    role: 'base',
    db: 'admin',
    privileges: [READ, { resource: { cluster: true }, actions: ['serverStatus'] }],
    roles: [],
  },
  {
    role: 'shop',
    db: 'shop',
    privileges: [{ resource: { db: 'shop', collection: '' }, actions: ['insert'] }],
    roles: [],
  },
  { role: 'any', db: 'admin', privileges: [{ resource: { anyResource: true }, actions: ['anyAction'] }], roles: [] },
  {
    role: 'from',
    db: 'admin',
    privileges: [],
    roles: [],
    authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }],
  },
];
const USERS: readonly User[] = [
  { user: 'app', db: 'admin', roles: [{ role: 'app', db: 'admin' }], mechanisms: ['SCRAM-SHA-256'] },
  {
    user: 'shop',
    db: 'shop',
    roles: [
      { role: 'shop', db: 'shop' },
      { role: 'any', db: 'admin' },
    ],
  },
  { user: 'CN=a,O=b', db: '$external', roles: [{ role: 'read', db: 'shop' }] },
  { user: 'far', db: 'admin', roles: [], authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }] },
];

const LOST_BY_ATLAS = [
  'role shop@shop',
  'role any@admin',
  'role from@admin',
  'user shop@shop',
  'user far@admin',
  'mechanisms of user app@admin',
];

const LOST: Readonly<Record<(typeof TARGETS)[number], readonly string[]>> = {
  mongosh: [],
  ansible: ['user far@admin', 'mechanisms of user app@admin'],
  psmdb: ['user far@admin', 'mechanisms of user app@admin'],
  mongodbcommunity: ['user far@admin', 'mechanisms of user app@admin'],
  terraform: [
    'role any@admin',
    'role from@admin',
    'user shop@shop',
    'user CN=a,O=b@$external',
    'user far@admin',
    'mechanisms of user app@admin',
  ],
  'terraform-atlas': LOST_BY_ATLAS,
  'atlas-kubernetes': LOST_BY_ATLAS,
};

/** Terraform's files are read whichever provider they are for. */
function sourceOf(target: (typeof TARGETS)[number]): Source {
  return target === 'terraform-atlas' ? 'terraform' : target;
}

for (const target of TARGETS) {
  test(`${target}: exported and imported it is the same, but for what is named`, async () => {
    const { text, lost } = exportPolicy(target, ROLES, USERS);
    assert.deepEqual(
      lost.map(({ what }) => what),
      LOST[target],
    );
    const gone = new Set(lost.map(({ what }) => what));
    const back = await importPolicy(sourceOf(target), [{ file: 'x', text }], { name: 'x', variables: new Map() });
    assert.deepEqual(back.notes, []);
    const roles = ROLES.filter((role) => !gone.has(`role ${formatRole(role)}`));
    const users = USERS.filter((user) => !gone.has(`user ${formatUser(user)}`));
    assert.deepEqual(byName(back.roles.map(canonicalRole)), byName(roles.map(canonicalRole)));
    const said = users.map(({ mechanisms, ...user }) =>
      canonicalUser(mechanisms !== undefined && target === 'mongosh' ? { ...user, mechanisms } : user),
    );
    assert.deepEqual(byName(back.users.map(canonicalUser)), byName(said));
  });
}

function byName<T>(list: readonly T[]): readonly T[] {
  return [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

test('names of any characters come through every form', async () => {
  const name = fc
    .string({ minLength: 1, maxLength: 8 })
    .filter((text) => /^[A-Za-z0-9 .,@/:;'"!#%&()*+<=>?[\]^_|~-]+$/.test(text) && text.trim() === text)
    // Whole, it is a place that a template fills.
    .filter((text) => !/<%[^%]*%>/.test(text));
  await fc.assert(
    fc.asyncProperty(name, name, async (role, user) => {
      const roles = [{ role, db: 'admin', privileges: [READ], roles: [] }];
      const users = [{ user, db: 'admin', roles: [{ role, db: 'admin' }] }];
      for (const target of TARGETS) {
        const { text, lost } = exportPolicy(target, roles, users);
        const back = await importPolicy(sourceOf(target), [{ file: 'x', text }], { name: 'x', variables: new Map() });
        assert.deepEqual([lost, back.notes], [[], []], text);
        assert.deepEqual([back.roles[0]?.role, back.users[0]?.user], [role, user], text);
      }
    }),
    { numRuns: scaled(60) },
  );
});

for (const target of ['terraform-atlas', 'atlas-kubernetes'] as const) {
  test(`${target}: what Atlas does not have is named with the reason`, () => {
    const role = (name: string, more: Partial<Role>): Role => ({
      role: name,
      db: 'admin',
      privileges: [],
      roles: [],
      ...more,
    });
    const user = (name: string, db: string, ...roles: Role['roles']): User => ({ user: name, db, roles });
    const read = { role: 'read', db: 'shop' };
    const { lost } = exportPolicy(
      target,
      [
        role('empty', {}),
        role('odd', { privileges: [{ resource: { db: 'shop', collection: '' }, actions: ['splitVector'] }] }),
        role('owner', { roles: [{ role: 'dbOwner', db: 'shop' }] }),
      ],
      [
        user('dba', 'admin', { role: 'root', db: 'admin' }),
        user('nobody', 'admin'),
        user('jane', '$external', read),
        user('arn:aws:iam::123456789012:role/app', '$external', read),
        user('CN=a,O=b', '$external', read),
      ],
    );
    assert.deepEqual(
      lost.map(({ what, why }) => `${what}: ${why}`),
      [
        'role empty@admin: a custom role of Atlas grants something',
        'role odd@admin: Atlas has no action splitVector',
        'role owner@admin: Atlas gives nobody the role dbOwner',
        'user dba@admin: Atlas gives nobody the role root',
        'user nobody@admin: a user of Atlas holds a role',
        'user jane@$external: Atlas wants to know how a user of $external logs in, and the name does not tell',
      ],
    );
  });
}

test('for Atlas by Terraform: a role and users, with variables for what is not in a policy', () => {
  const { text } = exportPolicy(
    'terraform-atlas',
    [
      {
        role: 'base',
        db: 'admin',
        privileges: [READ, { resource: { cluster: true }, actions: ['serverStatus'] }],
        roles: [{ role: 'read', db: 'crm' }],
      },
    ],
    [
      { user: 'app', db: 'admin', roles: [{ role: 'base', db: 'admin' }] },
      { user: 'arn:aws:iam::123456789012:user/etl', db: '$external', roles: [{ role: 'read', db: 'shop' }] },
    ],
  );
  assert.equal(
    text,
    `variable "project_id" {
  type = string
}

resource "mongodbatlas_custom_db_role" "role_base_admin" {
  project_id = var.project_id
  role_name  = "base"
  actions {
    action = "FIND"
    resources {
      database_name   = "shop"
      collection_name = "orders"
    }
  }
  actions {
    action = "SERVER_STATUS"
    resources {
      cluster = true
    }
  }
  inherited_roles {
    role_name     = "read"
    database_name = "crm"
  }
}

variable "user_app_admin_password" {
  type      = string
  sensitive = true
}

resource "mongodbatlas_database_user" "user_app_admin" {
  project_id         = var.project_id
  username           = "app"
  auth_database_name = "admin"
  password           = var.user_app_admin_password
  roles {
    role_name     = "base"
    database_name = "admin"
  }
}

resource "mongodbatlas_database_user" "user_arn_aws_iam_123456789012_user_etl_external" {
  project_id         = var.project_id
  username           = "arn:aws:iam::123456789012:user/etl"
  auth_database_name = "$external"
  aws_iam_type       = "USER"
  roles {
    role_name     = "read"
    database_name = "shop"
  }
}
`,
  );
});
