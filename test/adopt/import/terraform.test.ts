import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importPolicy } from '../../../src/adopt/import/import.ts';
import { CLEAR, cases } from './told.ts';

const ATLAS_USER = (more: string): string => `resource "mongodbatlas_database_user" "u" {
  username   = "app"
  project_id = var.project
${more}
}`;

cases('terraform', 'main.tf', {
  'a user of Atlas, the database of whom is admin unless it is said': {
    text: ATLAS_USER(`  password = var.password
  roles {
    role_name     = "readWrite"
    database_name = "shop"
  }
  roles {
    role_name     = "read"
    database_name = "crm"
  }
`),
    told: ['user app@admin: readWrite@shop read@crm'],
  },
  'a user of Atlas on some clusters alone, one that is a group, and one of whom that is not known': {
    text: [
      ATLAS_USER('  scopes {\n    name = "c"\n    type = "CLUSTER"\n  }'),
      ATLAS_USER('  ldap_auth_type = "GROUP"\n  roles {\n    role_name = "read"\n    database_name = "shop"\n  }'),
      ATLAS_USER('  auth_database_name = "x"\n  oidc_auth_type = var.type'),
    ].join('\n'),
    told: [
      'role app@admin: read@shop',
      'user app@admin: ',
      '1 the user app@admin is taken over without its scopes, by which it is on c alone',
      '18 the user app@x is left out: whether it is a user or a group hangs on how it logs in',
    ],
  },
  'a secret in what is not understood is not shown': {
    text: 'resource "mongodb_db_user" "a" {\n  name = jsondecode("{\\"p\\":\\"s3cret\\"}")["u"]\n}',
    told: ['1 a user is left out: its name is jsondecode("…")["u"], which is not known here'],
  },
  'a text with characters by their numbers': {
    text: 'resource "mongodb_db_user" "a" {\n  name = "caf\\u00e9\\U0001f511"\n}',
    told: ['user café🔑@admin: '],
  },
  'megum1n/mongodb: a role is one of admin where no database is said': {
    text: `resource "mongodb_user" "a" {
  username   = "a"
  database   = "shop"
  mechanisms = ["SCRAM-SHA-256"]
  roles      = [{ role = "readWriteAnyDatabase" }, { role = "read", db = "shop" }]
}
resource "mongodb_role" "r" {
  name     = "r"
  database = "shop"
  roles    = [{ role = "s" }]
}`,
    told: ['role r@shop: s@admin', 'user a@shop: readWriteAnyDatabase@admin read@shop'],
  },
  'other providers, and scripts in it, are named': {
    text: `resource "yandex_mdb_mongodb_user" "a" {
  name = "a"
}
resource "mongodbatlas_x509_authentication_database_user" "b" {
  username = "b"
}
resource "null_resource" "c" {
  provisioner "local-exec" {
    command = "mongosh --eval 'db.createUser({ user: \\"c\\" })'"
  }
}
# db.createUser()`,
    told: [
      '1 yandex_mdb_mongodb_user.a is left out, as its provider is not read',
      '9 what a script does to users or roles here is left out: give it as a file of its own, with --from mongosh',
    ],
  },
  'a user of Atlas who logs in by certificate': {
    text: ATLAS_USER(`  x509_type = "CUSTOMER"\n  roles {\n    role_name = "read"\n    database_name = "shop"\n  }`),
    told: ['user app@$external: read@shop'],
  },
  'a custom role of Atlas: its actions by their names in MongoDB': {
    text: `resource "mongodbatlas_custom_db_role" "r" {
  project_id = "x"
  role_name  = "changes"
  actions {
    action = "CHANGE_STREAM"
    resources {
      collection_name = ""
      database_name   = "shop"
    }
  }
  actions {
    action = "LIST_SESSIONS"
    resources {
      cluster = true
    }
  }
  inherited_roles {
    role_name     = "read"
    database_name = "shop"
  }
}`,
    told: ['role changes@admin: listSessions on cluster; changeStream on shop.*; read@shop'],
  },
  'what only Atlas has leaves the object out': {
    text: `${ATLAS_USER('  roles {\n    role_name = "read"\n    database_name = "shop"\n    collection_name = "orders"\n  }')}
resource "mongodbatlas_custom_db_role" "r" {
  role_name = "s3"
  actions {
    action = "OUT_TO_S3"
    resources {
      database_name = "shop"
    }
  }
}`,
    told: [
      '4 the user app@admin is left out: something in its roles is a role on the one collection orders (only Atlas has that), which is not known here',
      '13 the role s3@admin is left out: something in its privileges is the action OUT_TO_S3 (only Atlas has that), which is not known here',
    ],
  },
  'roles and users of Kaginari/mongodb, which refer to each other': {
    text: `resource "mongodb_db_role" "base" {
  name     = "base"
  database = "admin"
  privilege {
    db         = "shop"
    collection = ""
    actions    = ["find", "insert"]
  }
  privilege {
    cluster = true
    actions = ["serverStatus"]
  }
}
resource "mongodb_db_role" "more" {
  name = "more"
  inherited_role {
    role = mongodb_db_role.base.name
    db   = "admin"
  }
}
resource "mongodb_db_user" "app" {
  auth_database = "shop"
  name          = "app"
  password      = "s3cret"
  role {
    role = mongodb_db_role.more.name
    db   = "admin"
  }
}`,
    told: [
      'role base@admin: serverStatus on cluster; find,insert on shop.*',
      'role more@admin: base@admin',
      'user app@shop: more@admin',
      `24 ${CLEAR('app@shop')}`,
    ],
  },
  'variables that are given, locals, and texts with both': {
    text: `locals { stage = "prod" }
resource "mongodb_db_user" "a" {
  auth_database = "\${var.app}-\${local.stage}"
  name          = "\${var.app}"
  password      = random_password.p.result
}`,
    variables: { app: 'shop' },
    told: ['user shop@shop-prod: '],
  },
  'a variable that nobody gave leaves the object out, also where it has a default': {
    text: `variable "db" {\n  default = "shop"\n}\nresource "mongodb_db_user" "a" {\n  auth_database = var.db\n  name = "a"\n  role {\n    role = "read"\n    db = "x"\n  }\n}
resource "mongodb_db_user" "b" {\n  name = "b"\n  role {\n    role = "read"\n    db = var.other\n  }\n}`,
    told: [
      '4 a user is left out: its database is var.db, which is not known here',
      '16 the user b@admin is left out: something in its roles is var.other, which is not known here',
    ],
  },
  'for_each over what is written out, and count': {
    text: `resource "mongodb_db_user" "each" {
  for_each = toset(["a", "b"])
  name     = each.value
}
resource "mongodb_db_user" "map" {
  for_each = { c = { db = "shop" }, d = { db = "crm" } }
  name          = each.key
  auth_database = each.value.db
}
resource "mongodb_db_user" "none" {
  count = 0
  name  = "none"
}`,
    told: ['user a@admin: ', 'user b@admin: ', 'user c@shop: ', 'user d@crm: '],
  },
  'how many there are is not known': {
    text: `resource "mongodb_db_user" "e" {
  for_each = var.users
  name     = "e"
}
resource "mongodb_db_user" "f" {
  count = var.on ? 1 : 0
  name  = "f"
}
resource "mongodb_db_role" "g" {
  name = "g"
  dynamic "privilege" {
    for_each = var.privileges
    content {
      db = "x"
    }
  }
}`,
    told: [
      '1 the user e@admin is left out: how many there are hangs on "for_each"',
      '5 the user f@admin is left out: how many there are hangs on "count"',
      '11 the role g@admin is left out: something in its privileges is made by a dynamic block "privilege", which is not known here',
    ],
  },
  'a module is named': {
    text: `module "users" {\n  source = "./users"\n}\nresource "mongodb_db_user" "a" {\n  name = "a"\n}`,
    told: ['user a@admin: ', '1 the module "users" is not looked into: give its files, or terraform show -json'],
  },
  'comments, texts of several lines and expressions': {
    text: `# one
// two
/* three
   lines */
resource "mongodb_db_user" "a" { # behind
  name = "a" // behind
  tags = { for k, v in var.tags : k => v }
  note = <<-EOT
    resource "mongodb_db_user" "no" {
  EOT
  x    = var.y == null ? "}" : format("%s-%s", var.y, "{")
}`,
    told: ['user a@admin: '],
  },
  'what is no HCL': {
    text: `resource "mongodb_db_user" "a" {\n  name = "a"\n`,
    told: ['3 the file is left out from here on, as it is no HCL: a block has no end'],
  },
  'terraform show -json: everything is worked out, in modules too': {
    file: 'state.json',
    text: `{ "format_version": "1.0", "values": { "root_module": {
  "resources": [{ "address": "mongodb_db_role.r", "mode": "managed", "type": "mongodb_db_role",
    "values": { "name": "r", "database": "admin", "privilege": [{ "db": "shop", "collection": "", "cluster": false, "actions": ["find"] }], "inherited_role": [] } }],
  "child_modules": [{ "resources": [
    { "address": "module.u.mongodb_db_user.a", "mode": "managed", "type": "mongodb_db_user",
      "values": { "name": "a", "auth_database": "shop", "password": "s3cret", "role": [{ "role": "r", "db": "admin" }] } },
    { "address": "data.mongodb_db_user.b", "mode": "data", "type": "mongodb_db_user", "values": { "name": "b" } }] }] } } }`,
    told: ['role r@admin: find on shop.*', 'user a@shop: r@admin', `5 ${CLEAR('a@shop')}`],
  },
  'a plan in which something is known only when it is applied': {
    file: 'plan.json',
    text: JSON.stringify({
      planned_values: {
        root_module: {
          resources: [
            ['a', { auth_database: 'admin' }],
            ['b', { auth_database: 'admin', role: [{ role: 'read' }] }],
            ['c', { auth_database: 'admin', role: [{ role: 'read', db: 'shop' }] }],
          ].map(([name, values]) => ({
            address: `mongodb_db_user.${String(name)}`,
            type: 'mongodb_db_user',
            values: { name, ...Object(values) },
          })),
        },
      },
      resource_changes: [
        { address: 'mongodb_db_user.a', change: { after_unknown: { id: true, role: true } } },
        { address: 'mongodb_db_user.b', change: { after_unknown: { id: true, role: [{ db: true }] } } },
        { address: 'mongodb_db_user.c', change: { after_unknown: { id: true, role: [{}] } } },
      ],
    }),
    told: [
      'user c@admin: read@shop',
      '1 the user a@admin is left out: something in its roles is known after apply, which is not known here',
      '1 the user b@admin is left out: something in its roles is known after apply, which is not known here',
    ],
  },
  'a state as Terraform stores it': {
    file: 'terraform.tfstate',
    text: `{ "version": 4, "terraform_version": "1.9.0", "resources": [
  { "mode": "managed", "type": "mongodb_db_user", "name": "u", "instances": [
    { "index_key": "a", "attributes": { "name": "a", "auth_database": "shop", "password": "s3cret", "role": [{ "role": "read", "db": "shop" }] } },
    { "index_key": "b", "attributes": { "name": "b", "auth_database": "shop", "role": [] } }] },
  { "mode": "data", "type": "mongodb_db_user", "name": "d", "instances": [{ "attributes": { "name": "d" } }] }] }`,
    told: ['user a@shop: read@shop', 'user b@shop: ', `1 ${CLEAR('a@shop')}`],
  },
  'JSON of something else': {
    file: 'x.json',
    text: '{ "users": [] }',
    told: ['1 this is not what terraform show -json writes: it has neither "values" nor "planned_values", nor a state'],
  },
});

test('files of one folder know what the others say', async () => {
  const { notes, users } = await importPolicy(
    'terraform',
    [
      { file: 'a/users.tf', text: 'resource "mongodb_db_user" "a" {\n  name = local.name\n}' },
      { file: 'a/locals.tf', text: 'locals {\n  name = "app"\n}' },
      { file: 'b/users.tf', text: 'resource "mongodb_db_user" "b" {\n  name = local.name\n}' },
    ],
    { name: 'p', variables: new Map() },
  );
  assert.deepEqual(
    [notes.map(({ file, message }) => `${file}: ${message}`), users.map(({ user: name }) => name)],
    [['b/users.tf: a user is left out: its name is local.name, which is not known here'], ['app']],
  );
});
