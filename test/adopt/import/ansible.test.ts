import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importPolicy } from '../../../src/adopt/import/import.ts';
import { CLEAR, cases } from './told.ts';

cases('ansible', 'site.yml', {
  'a user of a play, by the full name of the module': {
    text: `- hosts: all
  tasks:
    - name: app
      community.mongodb.mongodb_user:
        database: shop
        name: app
        password: "{{ vault_password }}"
        roles: [readWrite, { role: read, db: crm }]
        state: present`,
    told: ['user app@shop: readWrite@shop read@crm'],
  },
  'a file of tasks, by the short name, with roles in one text': {
    text: `- mongodb_user:\n    db: shop\n    user: app\n    roles: 'readWrite,dbAdmin'\n- mongodb_user: database=crm name=b roles=read state=present`,
    told: ['user app@shop: readWrite@shop dbAdmin@shop', 'user b@crm: read@crm'],
  },
  'a module that is called as an action': {
    text: `- action: mongodb_user database=crm name=a roles=read
- local_action: { module: community.mongodb.mongodb_user, database: crm, name: b, roles: [read] }
- action: { module: mongodb_role, database: crm, name: r, roles: [read] }
- action: debug msg=mongodb_user`,
    told: ['role r@crm: read@crm', 'user a@crm: read@crm', 'user b@crm: read@crm'],
  },
  'variables: the nearest wins, and what a task sets is not known': {
    text: `- vars: { who: outer, set: v1, seen: v1 }
  tasks:
    - block:
        - mongodb_user: { database: crm, name: "{{ who }}", roles: [read] }
      vars: { who: inner }
    - mongodb_user: { database: crm, name: "{{ who }}", roles: [read] }
    - set_fact: { set: v2 }
    - mongodb_user: { database: crm, name: "{{ set }}", roles: [read] }
    - command: whoami
      register: seen
    - mongodb_user: { database: crm, name: "{{ seen }}", roles: [read] }`,
    told: [
      'user inner@crm: read@crm',
      'user outer@crm: read@crm',
      '8 a user is left out: its name is {{ set }}, which is not known here',
      '11 a user is left out: its name is {{ seen }}, which is not known here',
    ],
  },
  'what is said on the command line wins over all of them': {
    text: `- vars: { who: outer }\n  tasks:\n    - set_fact: { who: set }\n    - mongodb_user: { database: crm, name: "{{ who }}", roles: [read] }`,
    variables: { who: 'said' },
    told: ['user said@crm: read@crm'],
  },
  'what a playbook takes from other files': {
    text: `- hosts: all
  roles: [common, { role: mongo }]
  tasks:
    - include_tasks: tasks/users.yml
    - ansible.builtin.import_tasks: { file: "{{ env }}.yml" }
    - include_role: name=audit
    - mongodb_user: { database: crm, name: a, roles: [read] }
- import_playbook: other.yml`,
    told: [
      'user a@crm: read@crm',
      '2 roles/common is not looked into: name its files too if they are about users or roles',
      '2 roles/mongo is not looked into: name its files too if they are about users or roles',
      '4 tasks/users.yml is not looked into: name its files too if they are about users or roles',
      '5 {{ env }}.yml is not looked into: name its files too if they are about users or roles',
      '6 roles/audit is not looked into: name its files too if they are about users or roles',
      '8 other.yml is not looked into: name its files too if they are about users or roles',
    ],
  },
  'handlers and rescues, which need not run': {
    text: `- handlers:
    - mongodb_user: { database: crm, name: a, roles: [root] }
  tasks:
    - block:
        - mongodb_user: { database: crm, name: b, roles: [read] }
      rescue:
        - mongodb_user: { database: crm, name: c, roles: [read] }
      always:
        - mongodb_user: { database: crm, name: d, roles: [read] }`,
    told: [
      'user b@crm: read@crm',
      'user d@crm: read@crm',
      '2 the user a@crm is left out: it is made by a handler, which runs where a task notifies it',
      '7 the user c@crm is left out: it is made where another task fails',
    ],
  },
  'a role with privileges, inherited roles and restrictions': {
    text: `- community.mongodb.mongodb_role:
    name: r
    database: admin
    privileges:
      - resource: { db: shop, collection: '' }
        actions: [find]
      - resource: { cluster: true }
        actions: [serverStatus]
    roles: [{ role: read, db: crm }]
    authenticationRestrictions:
      - clientSource: [10.0.0.0/8]`,
    told: ['role r@admin: serverStatus on cluster; find on shop.*; read@crm from [{"clientSource":["10.0.0.0/8"]}]'],
  },
  'a loop over a list that is written out': {
    text: `- mongodb_user:
    database: "{{ item.db }}"
    name: "{{ item.name }}"
    roles: "{{ item.roles }}"
  loop:
    - { name: a, db: shop, roles: [read] }
    - { name: b, db: crm, roles: readWrite }
- mongodb_user: { database: shop, name: "{{ user }}-app", roles: [] }
  with_items: [c, d]
  loop_control: { loop_var: user }`,
    told: ['user a@shop: read@shop', 'user b@crm: readWrite@crm', 'user c-app@shop: ', 'user d-app@shop: '],
  },
  'variables of the play, and those that are given': {
    text: `- hosts: all
  vars:
    shop: { db: shop, users: [{ name: a }] }
  tasks:
    - block:
        - mongodb_user: { database: "{{ shop.db }}", name: "{{ item.name }}-{{ stage }}", roles: [] }
          loop: "{{ shop.users }}"`,
    variables: { stage: 'prod' },
    told: ['user a-prod@shop: '],
  },
  'a loop over what is not known': {
    text: `- mongodb_user: { database: "{{ item.db }}", name: app, roles: [] }\n  loop: "{{ users }}"\n- mongodb_user: { database: shop, name: app, roles: [] }\n  loop: "{{ users }}"`,
    told: [
      '1 a user is left out: its database is {{ item.db }}, which is not known here',
      '3 the user app@shop is left out: it stands in a loop over what is not known here',
    ],
  },
  'a condition, also of a block around it': {
    text: `- mongodb_user: { database: shop, name: a, roles: [] }\n  when: auth | bool\n- when: strict\n  block:\n    - mongodb_user: { database: shop, name: b, roles: [] }`,
    told: [
      '1 the user a@shop is left out: whether it is made hangs on a condition (when: auth | bool)',
      '5 the user b@shop is left out: whether it is made hangs on a condition (when: strict)',
    ],
  },
  'a user who logs in from some addresses only, by either name of the option': {
    text: `- mongodb_user: { database: shop, name: a, pass: s3cret, roles: [], authentication_restrictions: [{ clientSource: [10.0.0.0/8] }] }
- mongodb_user: { database: shop, name: b, roles: [], authenticationRestrictions: [{ serverAddress: [10.0.0.1] }] }`,
    told: [
      'user a@shop:  from [{"clientSource":["10.0.0.0/8"]}]',
      'user b@shop:  from [{"serverAddress":["10.0.0.1"]}]',
      `1 ${CLEAR('a@shop')}`,
    ],
  },
  'a secret in a condition is not shown, and a password that is a number is one': {
    text: `- mongodb_user: { database: shop, name: a, roles: [] }
  when: mongo_password == 's3cret' and stage == 'x'
- mongodb_user: { database: shop, name: b, password: 12345, roles: [] }`,
    told: [
      'user b@shop: ',
      "1 the user a@shop is left out: whether it is made hangs on a condition (when: mongo_password == '…' and stage == '…')",
      `3 ${CLEAR('b@shop')}`,
    ],
  },
  'what does not run as it stands': {
    text: `- mongodb_user: { database: shop, name: a, roles: [root] }
  tags: [debug, never]
- mongodb_user: { database: shop, name: b, roles: [root] }
  check_mode: true
- mongodb_user: { name: c, roles: [root] }
- mongodb_user: { name: d, database: shop }
  module_defaults: { community.mongodb.mongodb_user: { roles: [root] } }
- vars: { mongodb_user: mongod }
- mongodb_user: mongod`,
    told: [
      '1 the user a@shop is left out: it is made only where somebody asks for its tag (never)',
      '3 the user b@shop is left out: check_mode only tries whether it could be made',
      '5 a user is left out: its database is not written',
      '6 the user d@shop is left out: module_defaults may say more of it',
    ],
  },
  'users and roles that are made in another way': {
    text: `- shell: mongosh admin --eval "db.createUser({user:'a', pwd:'s3cret', roles:['root']})"
- community.mongodb.mongodb_shell:
    db: admin
    eval: "db.runCommand({ createUser: 'b', roles: ['root'] })"
- name: db.createUser(c)
  mongodb_atlas_user: { username: c }`,
    told: [
      '1 what a script does to users or roles here is left out: give it as a file of its own, with --from mongosh',
      '4 what a script does to users or roles here is left out: give it as a file of its own, with --from mongosh',
      '6 what mongodb_atlas_user makes is left out, as it is a module that is not read',
    ],
  },
  'passwords in the clear and in a vault': {
    text: `- mongodb_user:
    database: shop
    name: a
    password: s3cret
    roles: []
- mongodb_user:
    database: shop
    name: b
    password: !vault |
      $ANSIBLE_VAULT;1.1;AES256
      6162
    roles: []`,
    told: ['user a@shop: ', 'user b@shop: ', `4 ${CLEAR('a@shop')}`],
  },
  'what is to be absent': {
    text: `- mongodb_user: { database: shop, name: a, roles: [] }\n- mongodb_user: { database: shop, name: a, state: absent }\n- mongodb_role: { database: shop, name: r, privileges: [], state: "{{ state }}" }`,
    told: ['3 the role r@shop is left out: whether it is made hangs on a variable (state)'],
  },
  'a filter, and a role that is not known': {
    text: `- mongodb_user: { database: "{{ db | default('shop') }}", name: a, roles: [] }\n- mongodb_user: { database: shop, name: b, roles: ["{{ role }}"] }`,
    told: [
      "1 a user is left out: its database is {{ db | default('shop') }}, which is not known here",
      '2 the user b@shop is left out: something in its roles is {{ role }}, which is not known here',
    ],
  },
  'what is no YAML': {
    text: `- mongodb_user: { database: shop\n  name: a }`,
    told: [
      '2 this part is left out, as it is no YAML here: Flow map in block collection must be sufficiently indented and end with a }',
    ],
  },
});

test('files that are read together are not told to be named', async () => {
  const user = (name: string): string => `- mongodb_user: { database: crm, name: ${name}, roles: [read] }`;
  const { notes, users } = await importPolicy(
    'ansible',
    [
      {
        file: 'play/site.yml',
        text: '- hosts: all\n  roles: [mongo]\n  tasks:\n    - include_tasks: ./tasks/users.yml\n',
      },
      { file: 'play/tasks/users.yml', text: user('a') },
      { file: 'play/roles/mongo/tasks/main.yml', text: user('b') },
    ],
    { name: 'p', variables: new Map() },
  );
  assert.deepEqual([notes, users.map(({ user: name }) => name)], [[], ['a', 'b']]);
});

test('what a file makes hangs on the conditions of those that take it in', async () => {
  const user = (name: string): string => `- mongodb_user: { database: crm, name: ${name}, roles: [read] }`;
  const { notes, users } = await importPolicy(
    'ansible',
    [
      {
        file: 'site.yml',
        text: [
          '- hosts: all',
          '  roles: [{ role: mongo, when: dev }]',
          '  tasks:',
          '    - import_tasks: a.yml',
          '      when: dev',
          '    - include_tasks: b.yml',
          '      loop: [1]',
          '    - import_tasks: both.yml',
          '      tags: never',
          '    - import_tasks: both.yml',
        ].join('\n'),
      },
      { file: 'a.yml', text: `- import_tasks: inner.yml\n${user('a')}` },
      { file: 'b.yml', text: user('b') },
      { file: 'both.yml', text: user('both') },
      { file: 'inner.yml', text: user('inner') },
      { file: 'roles/mongo/tasks/main.yml', text: user('role') },
    ],
    { name: 'p', variables: new Map() },
  );
  const dev = 'whether it is made hangs on a condition (when: dev)';
  assert.deepEqual(
    [notes.map(({ file, message }) => `${file}: ${message}`), users.map(({ user: name }) => name)],
    [
      [
        `a.yml: the user a@crm is left out: ${dev}`,
        'b.yml: the user b@crm is left out: it is taken in by a loop',
        `inner.yml: the user inner@crm is left out: ${dev}`,
        `roles/mongo/tasks/main.yml: the user role@crm is left out: ${dev}`,
      ],
      ['both'],
    ],
  );
});
