import { cases } from './told.ts';

const CR = (kind: string, spec: string): string =>
  `apiVersion: x/v1\nkind: ${kind}\nmetadata: { name: db }\nspec:\n${spec.replaceAll(/^/gm, '  ')}\n`;
const PERCONA = (spec: string): string => CR('PerconaServerMongoDB', spec);
const COMMUNITY = (spec: string): string => CR('MongoDBCommunity', spec);

const USERS = `users:
  - name: app
    db: shop
    passwordSecretRef: { name: app, key: password }
    roles: [{ name: readWrite, db: shop }, { name: read, db: crm }]
  - name: other
    roles: []`;

cases('psmdb', 'cr.yaml', {
  'users, those of admin where no database is said': {
    text: PERCONA(USERS),
    told: ['user app@shop: readWrite@shop read@crm', 'user other@admin: '],
  },
  'custom roles': {
    text: PERCONA(`roles:
  - role: r
    db: admin
    privileges:
      - resource: { cluster: true }
        actions: [addShard]
      - resource: { db: config, collection: '' }
        actions: [find, update]
    roles: [{ role: read, db: admin }]
    authenticationRestrictions: [{ clientSource: [127.0.0.1], serverAddress: [127.0.0.1] }]`),
    told: [
      'role r@admin: addShard on cluster; find,update on config.*; read@admin from [{"clientSource":["127.0.0.1"],"serverAddress":["127.0.0.1"]}]',
    ],
  },
  'a role named by name': {
    text: PERCONA('roles:\n  - { name: r, db: shop, privileges: [], roles: [] }'),
    told: ['role r@shop: '],
  },
  'several documents, of other kinds too': {
    text: `kind: Secret\nstringData: { password: s3cret }\n---\n${PERCONA('users:\n  - { name: a, db: shop, roles: [] }')}---\n${PERCONA('users:\n  - { name: b, db: shop, roles: [] }')}`,
    told: ['user a@shop: ', 'user b@shop: '],
  },
  'a list, as kubectl writes it': {
    text: `kind: List\nitems:\n  - kind: PerconaServerMongoDB\n    spec: { users: [{ name: a, db: shop, roles: [] }] }`,
    told: ['user a@shop: '],
  },
  'a chart of Helm: what it puts in is not known': {
    text: `kind: PerconaServerMongoDB\nspec:\n  users:\n    {{- range .Values.users }}\n    - name: {{ .name }}\n      db: admin\n      roles: []\n    {{- end }}\n    - { name: b, db: "{{ .Values.db }}", roles: [] }\n    - { name: c, db: shop, roles: [] }`,
    told: [
      'user c@shop: ',
      '5 an entry of spec.users is left out: it hangs on {{- range .Values.users }}',
      '9 a user is left out: its database is {{ .Values.db }}, which is not known here',
    ],
  },
  'what hangs on a template': {
    text: `kind: PerconaServerMongoDB
spec:
  users:
    {{- if .Values.debug }}
    - { name: a, db: admin, roles: [] }
    {{- end }}
    - name: b
      {{- if .Values.shop }}
      db: shop
      {{- else }}
      db: admin
      {{- end }}
      roles: []
    - name: c
      db: admin
      roles:
        {{- with .Values.more }}
        - { name: root, db: admin }
        {{- end }}
        - { name: read, db: shop }
    - { name: d, db: shop, roles: [] }
---
{{- if .Values.on }}
kind: PerconaServerMongoDB
spec:
  users:
    - { name: e, db: admin, roles: [] }
{{- end }}`,
    told: [
      'user d@shop: ',
      '5 an entry of spec.users is left out: it hangs on {{- if .Values.debug }}',
      '7 a user is left out: its database is {{- else }}, which is not known here',
      '18 the user c@admin is left out: something in its roles is {{- with .Values.more }}, which is not known here',
      '27 the user e@admin is left out: whether it is made hangs on {{- if .Values.on }}',
    ],
  },
  'users that a template puts in': {
    text: 'kind: PerconaServerMongoDB\nspec:\n  users: {{ toYaml .Values.users }}\n',
    told: ['3 spec.users is left out: it is put in by a template'],
  },
  'anchors and merges': {
    text: PERCONA('users:\n  - &a { name: a, db: shop, roles: [{ name: read, db: shop }] }\n  - { <<: *a, name: b }'),
    told: ['user a@shop: read@shop', 'user b@shop: read@shop'],
  },
  'a privilege without actions': {
    text: PERCONA('roles:\n  - role: r\n    privileges:\n      - resource: { db: x, collection: "" }'),
    told: ['8 the role r@admin is left out: a privilege has no "resource" or no "actions"'],
  },
  'no users at all': { text: PERCONA('users:\nreplsets: []'), told: [] },
});

cases('mongodbcommunity', 'cr.yaml', {
  'a role for many deployments, and one of several clusters': {
    text: ['ClusterMongoDBRole', 'MongoDBMultiCluster', 'MongoDBOther']
      .map((kind) => {
        const role = '{ role: r, db: admin, privileges: [{ resource: { db: a, collection: b }, actions: [find] }] }';
        const name = role.replace('r,', `${kind},`);
        return CR(kind, kind === 'ClusterMongoDBRole' ? `{ ${name.slice(1, -1)} }` : `security: { roles: [${name}] }`);
      })
      .join('---\n'),
    told: ['role ClusterMongoDBRole@admin: find on a.b', 'role MongoDBMultiCluster@admin: find on a.b'],
  },
  'users, those of admin where no database is said': {
    text: COMMUNITY(USERS),
    told: ['user app@shop: readWrite@shop read@crm', 'user other@admin: '],
  },
  'custom roles': {
    text: COMMUNITY(`security:
  roles:
    - role: r
      db: admin
      privileges:
        - resource: { db: shop, collection: orders }
          actions: [find]
        - resource: { anyResource: true }
          actions: [anyAction]
      roles: [{ role: read, db: crm }]
      authenticationRestrictions: [{ clientSource: [10.0.0.0/8] }]`),
    told: ['role r@admin: anyAction on any; find on shop.orders; read@crm from [{"clientSource":["10.0.0.0/8"]}]'],
  },
  'roles and users together': {
    text: COMMUNITY(`security:\n  roles: [{ role: r, db: shop, privileges: [], roles: [] }]\n${USERS}`),
    told: ['role r@shop: ', 'user app@shop: readWrite@shop read@crm', 'user other@admin: '],
  },
  'a MongoDBUser': {
    text: CR('MongoDBUser', 'username: CN=a,O=b\ndb: $external\nroles:\n  - { name: read, db: shop }'),
    told: ['user CN=a,O=b@$external: read@shop'],
  },
  'other kinds': { text: CR('PerconaServerMongoDB', USERS), told: [] },
  'a resource in JSON': {
    file: 'cr.json',
    text: '{ "kind": "MongoDBCommunity", "spec": { "users": [{ "name": "a", "db": "shop", "roles": [{ "name": "read", "db": "shop" }] }] } }',
    told: ['user a@shop: read@shop'],
  },
  'a name that a template puts in': {
    text: COMMUNITY('users:\n  - name: {{ .Values.user }}\n    db: shop\n    roles: []'),
    told: ['6 a user is left out: its name is {{ .Values.user }}, which is not known here'],
  },
  'users that are no list': { text: COMMUNITY('users: { a: 1 }'), told: ['5 spec.users is left out: it is no list'] },
  'roles that are none': {
    text: COMMUNITY('users:\n  - { name: a, db: shop, roles: [{ db: shop }] }'),
    told: ['6 the user a@shop is left out: a role has no name'],
  },
  'the same user in two files': {
    text: `${COMMUNITY(USERS)}---\n${COMMUNITY(USERS)}`,
    told: ['user app@shop: readWrite@shop read@crm', 'user other@admin: '],
  },
});

const USER = (spec: string): string => CR('AtlasDatabaseUser', spec);

cases('atlas-kubernetes', 'user.yaml', {
  'a user, of admin where no database is said': {
    text: USER(
      'username: app\nroles:\n  - { roleName: readWrite, databaseName: shop }\n  - { roleName: readAnyDatabase, databaseName: admin }',
    ),
    told: ['user app@admin: readWrite@shop readAnyDatabase@admin'],
  },
  'a user who logs in by certificate': {
    text: USER(
      'username: CN=a\nx509Type: CUSTOMER\ndatabaseName: $external\nroles: [{ roleName: read, databaseName: shop }]',
    ),
    told: ['user CN=a@$external: read@shop'],
  },
  'one by OIDC, whose database is not said': {
    text: USER('username: x/y\noidcAuthType: USER\nroles: [{ roleName: read, databaseName: shop }]'),
    told: ['user x/y@$external: read@shop'],
  },
  'a group of an identity provider, which is a role to MongoDB': {
    text: USER('username: x/y\noidcAuthType: IDP_GROUP\nroles: [{ roleName: read, databaseName: shop }]'),
    told: ['role x/y@admin: read@shop'],
  },
  'a user on some clusters alone, and for a time': {
    text: USER('username: a\nroles: []\nscopes: [{ name: c, type: CLUSTER }]\ndeleteAfterDate: "2030-01-01T00:00:00Z"'),
    told: [
      'user a@admin: ',
      '5 the user a@admin is taken over without its scopes, by which it is on c alone; without its end, as Atlas deletes it after 2030-01-01T00:00:00Z',
    ],
  },
  'brackets that close at the indentation of their key, as in a sample of the operator': {
    text: USER(
      'username: app\nroles: [{\n  "roleName": "read",\n  "databaseName": "shop"\n}]\nprojectRef: { name: p }',
    ),
    told: ['user app@admin: read@shop'],
  },
  'a database that may stand for all of them': {
    text: CR(
      'AtlasCustomRole',
      'role:\n  name: r\n  actions: [{ name: FIND, resources: [{ database: anyDatabase, collection: "" }] }]',
    ),
    told: [
      '7 the role r@admin is left out: something in its privileges is the database anyDatabase (a name, or all of them), which is not known here',
    ],
  },
  'a role on one collection': {
    text: USER('username: app\nroles:\n  - { roleName: read, databaseName: shop, collectionName: orders }'),
    told: [
      '7 the user app@admin is left out: something in its roles is a role on the one collection orders (only Atlas has that), which is not known here',
    ],
  },
  'a custom role': {
    text: CR(
      'AtlasCustomRole',
      `role:
  name: r
  inheritedRoles: [{ name: read, database: crm }]
  actions:
    - name: FIND
      resources: [{ database: shop, collection: orders }, { database: crm, collection: '' }]
    - name: SERVER_STATUS
      resources: [{ cluster: true }]`,
    ),
    told: ['role r@admin: serverStatus on cluster; find on crm.*; find on shop.orders; read@crm'],
  },
  'custom roles of a project': {
    text: CR(
      'AtlasProject',
      'customRoles:\n  - name: a\n    actions: [{ name: FIND, resources: [{ database: x, collection: y }] }]\n  - { name: b, actions: [] }',
    ),
    told: ['role a@admin: find on x.y', 'role b@admin: '],
  },
  'an action that only Atlas has': {
    text: CR(
      'AtlasCustomRole',
      'role:\n  name: r\n  actions: [{ name: SQL_GET_SCHEMA, resources: [{ database: x, collection: y }] }]',
    ),
    told: [
      '7 the role r@admin is left out: something in its privileges is the action SQL_GET_SCHEMA (only Atlas has that), which is not known here',
    ],
  },
  'users and roles in one file': {
    text: `${CR('AtlasCustomRole', 'role: { name: r, actions: [] }')}---\n${USER('username: app\nroles: [{ roleName: r, databaseName: admin }]')}`,
    told: ['role r@admin: ', 'user app@admin: r@admin'],
  },
  'a chart of Helm': {
    text: '{{- if .Values.on }}\nkind: AtlasDatabaseUser\nspec:\n  username: {{ .Values.name | quote }}\n  roles: []\n{{- end }}',
    told: ['4 a user is left out: its name is {{ .Values.name | quote }}, which is not known here'],
  },
  'a project without custom roles': { text: CR('AtlasProject', 'name: x'), told: [] },
});
