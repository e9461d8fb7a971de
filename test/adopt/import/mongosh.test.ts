import { CLEAR, cases } from './told.ts';

const r = (name: string): string => `db.createRole({role:'${name}',privileges:[],roles:[]})`;

cases('mongosh', 'init.js', {
  'a user in the database that the shell begins in': {
    text: `db.createUser({ user: 'app', pwd: passwordPrompt(), roles: ['readWrite', { role: 'read', db: 'crm' }] })`,
    told: ['user app@test: readWrite@test read@crm'],
  },
  'databases by use, getSiblingDB and assignment': {
    text: `use admin
db.createRole({ role: 'r', privileges: [], roles: [] });
db.getSiblingDB("shop").createRole({ role: 'r', privileges: [], roles: [] });
db = db.getSiblingDB('crm');
db.createRole({ role: 'r', privileges: [], roles: [] });
const other = db.getMongo().getDB('hr');
other.createRole({ role: 'r', privileges: [], roles: [] });`,
    told: ['role r@admin: ', 'role r@shop: ', 'role r@crm: ', 'role r@hr: '],
  },
  'a password in the clear is named with its line, and goes nowhere': {
    text: `db.createUser({\n  user: 'app',\n  pwd: 's3cret',\n  roles: [] })`,
    told: ['user app@test: ', `3 ${CLEAR('app@test')}`],
  },
  'grants, revocations and updates one after the other': {
    text: `db.createRole({ role: 'r', privileges: [{ resource: { db: 'test', collection: 'a' }, actions: ['find', 'insert'] }], roles: [] });
db.grantPrivilegesToRole('r', [{ resource: { cluster: true }, actions: ['serverStatus'] }]);
db.revokePrivilegesFromRole('r', [{ resource: { db: 'test', collection: 'a' }, actions: ['insert'] }]);
db.grantRolesToRole('r', ['read']);
db.createUser({ user: 'u', pwd: passwordPrompt(), roles: ['r', 'dbAdmin'] });
db.revokeRolesFromUser('u', ['dbAdmin']);
db.grantRolesToUser('u', [{ role: 'read', db: 'crm' }]);
db.updateUser('u', { authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }] });
db.createUser({ user: 'gone', pwd: passwordPrompt(), roles: [] });
db.dropUser('gone');`,
    told: [
      'role r@test: serverStatus on cluster; find on test.a; read@test',
      'user u@test: r@test read@crm from [{"clientSource":["10.0.0.0/8"]}]',
    ],
  },
  'what is named and is no plain call is named as left out': {
    text: `const o = { createUser: 'a', pwd: passwordPrompt(), roles: ['root'] }; db.adminCommand(o);
[{ createRole: 'r', privileges: [], roles: [] }].forEach((c) => db.adminCommand(c));
db['createUser']({ user: 'b', pwd: passwordPrompt(), roles: [] });
const f = db.dropUser; f('c');
client.db('admin').command({ createUser: 'd', pwd: passwordPrompt(), roles: [] });
db.getSiblingDB('admin').getCollection('system.users').insertOne({ _id: 'admin.e' });
db.system.roles.deleteMany({});
db.system.users.find({ user: 'f' });`,
    told: [
      '1 what createUser does here is left out, as it is no plain call on a database',
      '2 what createRole does here is left out, as it is no plain call on a database',
      '3 what createUser does here is left out, as it is no plain call on a database',
      '4 what dropUser does here is left out, as it is no plain call on a database',
      '5 what createUser does here is left out, as it is no plain call on a database',
      '6 what is written to system.users here is left out, as it is no plain call on a database',
      '7 what is written to system.roles here is left out, as it is no plain call on a database',
    ],
  },
  'commands that are written out': {
    text: `db.adminCommand({ createRole: 'r', privileges: [{ resource: { anyResource: true }, actions: ['anyAction'] }], roles: [] });
db.getSiblingDB('$external').runCommand({ createUser: 'CN=a,O=b', roles: [{ role: 'r', db: 'admin' }] });`,
    told: ['role r@admin: anyAction on any', 'user CN=a,O=b@$external: r@admin'],
  },
  'constants, templates and lists that are put together': {
    text: `const shop = 'shop'; const names = ['a', 'b']; const base = { read: ['find'] };
for (const name of names) db.getSiblingDB(shop).createRole({ role: \`\${name}-reader\`, privileges: [{ resource: { db: shop, collection: name + 's' }, actions: [...base.read, 'listIndexes'] }], roles: [] });
names.forEach(function (name) { db.getSiblingDB(shop).createUser({ user: name, pwd: passwordPrompt(), roles: [name + '-reader'] }); });`,
    told: [
      'role a-reader@shop: find,listIndexes on shop.as',
      'role b-reader@shop: find,listIndexes on shop.bs',
      'user a@shop: a-reader@shop',
      'user b@shop: b-reader@shop',
    ],
  },
  'what is made if it is not there is there': {
    text: `if (!db.getUser('app')) { db.createUser({ user: 'app', pwd: passwordPrompt(), roles: ['read'] }); }
if (db.getRole('r') === null) db.createRole({ role: 'r', privileges: [], roles: [] }); else db.updateRole('r', { roles: [] });
try { db.createUser({ user: 'b', pwd: passwordPrompt(), roles: [] }); } catch (e) { print(e); }
(function () { db.createUser({ user: 'c', pwd: passwordPrompt(), roles: [] }); })();`,
    told: ['role r@test: ', 'user app@test: read@test', 'user b@test: ', 'user c@test: '],
  },
  'what hangs on a condition, a loop or a function is left out whole': {
    text: `if (process.env.STAGE === 'dev') db.createUser({ user: 'a', pwd: passwordPrompt(), roles: [] });
for (let i = 0; i < 3; i += 1) db.createUser({ user: 'b' + i, pwd: passwordPrompt(), roles: [] });
function make(name) { db.createUser({ user: name, pwd: passwordPrompt(), roles: [] }); }
db.createUser({ user: 'c', pwd: passwordPrompt(), roles: ['read'] });
if (strict) db.grantRolesToUser('c', ['dbOwner']);`,
    told: [
      `1 the user a@test is left out: whether it is made hangs on a condition (process.env.STAGE === 'dev')`,
      `2 a user is left out: its name is 'b' + i, which is not known here`,
      '3 a user is left out: its name is name, which is not known here',
      '5 the user c@test is left out: whether it is made hangs on a condition (strict)',
    ],
  },
  'a secret in what is not understood is not shown': {
    text: `db.createUser(make('app', 's3cret'));
db.createUser({ ...base, user: 'b', pwd: 's3cret' });
if (db.auth('root', 's3cret')) db.createUser({ user: 'c', pwd: passwordPrompt(), roles: [] });
if (password === 's3cret') db.createUser({ user: 'd', pwd: passwordPrompt(), roles: [] });
db.createUser({ user: 'e', pwd: passwordPrompt(), roles: rolesOf({ key: \`s3cret\` }) });
db = open('mongodb://root:s3cret@host/admin');
db.createUser({ user: 'f', pwd: passwordPrompt(), roles: [] });`,
    told: [
      `1 a user is left out: its name is make('…', '…'), which is not known here`,
      `2 a user is left out: its name is { ...base, user: '…', pwd: '…' }, which is not known here`,
      `3 the user c@test is left out: whether it is made hangs on a condition (db.auth('…', '…'))`,
      `4 the user d@test is left out: whether it is made hangs on a condition (password === '…')`,
      `5 the user e@test is left out: something in its roles is rolesOf({ key: '…' }), which is not known here`,
      `7 a user is left out: its database is open('…'), which is not known here`,
    ],
  },
  'what is changed or dropped if it is there': {
    text: `db.createUser({ user: 'a', pwd: passwordPrompt(), roles: [] });
if (db.getUser('a')) db.grantRolesToUser('a', ['dbOwner']);
if (db.getUser('b')) { db.dropUser('b'); }
db.createUser({ user: 'b', pwd: passwordPrompt(), roles: [] });
if (!db.getUser('c') && debug) db.createUser({ user: 'c', pwd: passwordPrompt(), roles: ['root'] });`,
    told: [
      'user a@test: dbOwner@test',
      'user b@test: ',
      `5 the user c@test is left out: whether it is made hangs on a condition (!db.getUser('…') && debug)`,
    ],
  },
  'all users or roles of a database are dropped': {
    text: `const other = db.getSiblingDB('shop');
db.createUser({ user: 'a', pwd: passwordPrompt(), roles: [] });
db.createUser({ user: 'b', pwd: passwordPrompt(), roles: [] });
other.createUser({ user: 'c', pwd: passwordPrompt(), roles: [] });
db.createRole({ role: 'r', privileges: [], roles: [] });
db.dropAllUsers();
db.runCommand({ dropAllRolesFromDatabase: 1 });
db.createUser({ user: 'b', pwd: passwordPrompt(), roles: ['read'] });
other.createUser({ user: 'd', pwd: passwordPrompt(), roles: [] });
other.removeUser('d');
if (process.env.FRESH) other.dropAllUsers();`,
    told: [
      'user b@test: read@test',
      '11 the user c@shop is left out: whether it is made hangs on a condition (process.env.FRESH)',
    ],
  },
  'code that stands elsewhere, or in a text, is named': {
    text: `load('users.js');
eval("db.createUser({ user: 'evil', pwd: 'x', roles: ['root'] })");
db.createRole({ role: 'r', privileges: [], roles: [] });
if (x) new Function('db', 'db.dropUser("a")')(db);`,
    told: [
      'role r@test: ',
      '1 what load(…) brings in is not read, because nothing of a script is run',
      '2 what eval(…) brings in is not read, because nothing of a script is run',
      '4 what Function(…) brings in is not read, because nothing of a script is run',
    ],
  },
  'one role that is not known leaves the whole account out, and whatever comes later about it': {
    text: `db.createUser({ user: 'a', pwd: passwordPrompt(), roles: ['read', process.env.ROLE] });
db.grantRolesToUser('a', ['dbAdmin']);`,
    told: ['1 the user a@test is left out: something in its roles is process.env.ROLE, which is not known here'],
  },
  'the environment of an init script, as far as it is said': {
    text: `db = db.getSiblingDB(process.env.MONGO_INITDB_DATABASE || 'app');
db.createUser({ user: _getEnv('APP_USER'), pwd: _getEnv('APP_PASSWORD'), roles: [{ role: 'readWrite', db: db.getName() }] });`,
    variables: { MONGO_INITDB_DATABASE: 'shop', APP_USER: 'app' },
    told: ['user app@shop: readWrite@shop'],
  },
  'a shell script with a text for mongosh, and one for a file': {
    file: 'init.sh',
    text: `#!/bin/bash
mongosh admin -u "$ROOT" -p "$(cat /run/secret)" <<EOF
  db.createUser({ user: 'a', pwd: "$(cat /run/pw)", roles: ['root'] })
  use $DB
  db.createUser({ user: '$APP', pwd: '$PW', roles: [] })
EOF
cat > /docker-entrypoint-initdb.d/x.js <<'EOF'
db.getSiblingDB('shop').createUser({ user: 'b', pwd: 's3cret', roles: [] })
EOF
mongosh --quiet shop --eval 'db.createUser({ user: "c", pwd: passwordPrompt(), roles: ["read"] })'`,
    told: [
      'user a@admin: root@admin',
      'user b@shop: ',
      'user c@shop: read@shop',
      '5 a user is left out: its name is $APP, which is not known here',
      `8 ${CLEAR('b@shop')}`,
    ],
  },
  'a shell script that hands commands over in a way nobody finds': {
    file: 'init.sh',
    text: `#!/bin/sh\necho "db.createUser({user: 'a', roles: []})" | mongosh\necho '{ "createUser": "b" }' | send`,
    told: [2, 3].map(
      (line) => `${line} something about users or roles is left out, as it is in no script that could be found here`,
    ),
  },
  'what a shell script may pass over, and what it makes if it is not there': {
    file: 'init.sh',
    text: `#!/bin/bash
mongosh a --eval "${r('r1')}" || echo if
if [ "$STAGE" = dev ]; then
  mongosh a \\
    --eval "${r('r3')}"
fi
make() {
  mongosh a --eval "${r('r8')}"
}
for i in 1 2; do mongosh a --eval "${r('r10')}"; done
if ! mongosh --eval "db.getUser('x')" | grep x; then
  mongosh a <<EOF
if (true) print('done');
${r('r14')}
EOF
fi
[ -n "$DEBUG" ] && mongosh a --eval "${r('r17')}"
case $X in
  a) mongosh a --eval "${r('r19')}" ;;
esac
mongosh a --eval "${r('r21')}"`,
    told: [
      ...['r1', 'r14', 'r21'].map((name) => `role ${name}@a: `),
      '5 the role r3@a is left out: whether it is made hangs on the if in line 3',
      '8 the role r8@a is left out: it is made by the function of the shell in line 7',
      '10 the role r10@a is left out: it stands in the loop of the shell in line 10',
      '17 the role r17@a is left out: whether it is made hangs on the test in line 17',
      '19 the role r19@a is left out: whether it is made hangs on the case in line 18',
    ],
  },
  'a variable that holds whether somebody is there': {
    text: `const there = db.getUser('a');
if (!there) db.createUser({ user: 'a', pwd: passwordPrompt(), roles: [] });
let other = db.getUser('b');
other = process.env.OTHER;
if (!other) db.createUser({ user: 'b', pwd: passwordPrompt(), roles: [] });`,
    told: ['user a@test: ', '5 the user b@test is left out: whether it is made hangs on a condition (!other)'],
  },
  'the database of a command line, wherever it stands': {
    file: 'init.sh',
    text: [
      'docker exec -it mongo mongosh a',
      'kubectl exec mongo -- mongosh --eval "print()"',
      'mongosh "mongodb://root:s3cret@host:27017/a?authSource=admin" --quiet',
      'mongosh host:27017/a',
      'mongosh host:27017',
      'mongosh --port 1 --tlsUseSystemCA a',
      'mongosh users.js && mongosh \\\n  --quiet',
      'mongosh "mongodb://$HOST/$DB"',
    ]
      .map((line, at) => `${line} --eval "db.createRole({role:'r${at}',privileges:[],roles:[]})" > b\n`)
      .join('')
      .concat(`mongosh --eval "db.createRole({role:'r8',privileges:[],roles:[]})" --norc a\n`)
      .concat(`mongosh mongodb://host/a <<EOF\ndb.createRole({role:'r9',privileges:[],roles:[]})\nEOF\n`),
    told: [
      ...['r0@a', 'r1@test', 'r2@a', 'r3@a', 'r4@test', 'r5@a', 'r6@test', 'r8@a', 'r9@a'].map((r) => `role ${r}: `),
      '9 a role is left out: its database is $DB, which is not known here',
    ],
  },
  'what is no JavaScript': {
    text: `db.createUser({ user: 'a'\ndb.createUser(`,
    told: ['2 this script is left out, as it is no JavaScript: Unexpected token'],
  },
  'fields that the server refuses': {
    text: `db.createUser({ user: 'a', pwd: passwordPrompt(), roles: [], db: 'shop' })`,
    told: ['1 the user a@test is left out: createUser takes no "db": the server refuses it'],
  },
  'the same user made twice, alike and otherwise': {
    text: `db.createUser({ user: 'a', pwd: passwordPrompt(), roles: [] }); db.createUser({ user: 'a', pwd: passwordPrompt(), roles: [] });
db.createUser({ user: 'b', pwd: passwordPrompt(), roles: [] }); db.createUser({ user: 'b', pwd: passwordPrompt(), roles: ['read'] });`,
    told: ['user a@test: ', '2 the user b@test is left out: it is made a second time, in another way'],
  },
  'a secret in custom data leaves the account out': {
    text: `db.createUser({ user: 'a', pwd: passwordPrompt(), roles: [], customData: { team: 'x' } });
db.createUser({ user: 'b', pwd: passwordPrompt(), roles: [], customData: {\n apiToken: 's3cret' } });`,
    told: [
      'user a@test: ',
      '3 the user b@test is left out: its custom data holds a secret in the clear, as "apiToken"',
    ],
  },
});
