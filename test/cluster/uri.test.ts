/** The same login for other servers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOtherHosts } from '../../src/cluster/uri.ts';

const CASES: readonly (readonly [string, string, string, string | undefined])[] = [
  [
    'mongodb://u:p@router1,router2/?authSource=admin&directConnection=true&tls=true',
    's1:27018,s2:27018',
    'sh0',
    'mongodb://u:p@s1:27018,s2:27018/?authSource=admin&tls=true&replicaSet=sh0',
  ],
  ['mongodb://router/accounts', 's1:27018', 'sh0', 'mongodb://s1:27018/accounts?replicaSet=sh0'],
  ['mongodb://router', 's1:27018', '', 'mongodb://s1:27018/?'],
  ['mongodb+srv://u:p@cluster.example/', 's1:27018', 'sh0', 'mongodb://u:p@s1:27018/?tls=true&replicaSet=sh0'],
  ['mongodb+srv://u:p@cluster.example/?tls=false', 's1:1', 'sh0', 'mongodb://u:p@s1:1/?tls=false&replicaSet=sh0'],
  [
    'mongodb://CN%3Da@router/?authMechanism=MONGODB-X509',
    '[::1]:27018',
    'sh0',
    'mongodb://CN%3Da@[::1]:27018/?authMechanism=MONGODB-X509&replicaSet=sh0',
  ],
  // The password itself, or a token, would go to whatever host the cluster names.
  ['mongodb://u:p@router/?authMechanism=PLAIN&authSource=$external', 's1:27018', 'sh0', undefined],
  ['mongodb://router/?authMechanism=MONGODB-OIDC', 's1:27018', 'sh0', undefined],
  // A host that would be read as something else.
  ['mongodb://u:p@router/', 's1:27018/?tls=false', 'sh0', undefined],
  ['mongodb://u:p@router/', 'x@s1:27018', 'sh0', undefined],
];

for (const [uri, hosts, set, expected] of CASES) {
  test(`${uri} at ${hosts}: ${expected ?? 'the login is not sent there'}`, () => {
    assert.equal(atOtherHosts(uri, hosts, set), expected);
  });
}
