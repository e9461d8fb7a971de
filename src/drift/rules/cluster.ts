/** What the deployment itself is not. */
import type { DriftRule } from './rule.ts';

export const CLUSTER_RULES = [
  {
    name: 'cluster/authorization',
    severity: 'error',
    description: 'Clients that have not logged in may read and write',
    danger: 'No protection holds: roles are asked of nobody.',
    remedy: 'Set `security.authorization: enabled`, and end `transitionToAuth`.',
  },
  {
    name: 'cluster/tls',
    severity: 'error',
    description: 'The server takes connections without TLS',
    danger: 'Password hashes and documents cross the network in the clear, and can be changed there.',
    remedy: 'Set `net.tls.mode` to what the policy demands, `requireTLS` at best.',
  },
  {
    name: 'cluster/tls-version',
    severity: 'error',
    description: 'The server speaks an older version of TLS than the policy allows',
    danger: 'A client can be talked into the weakest version that both speak.',
    remedy: 'Name older versions under `net.tls.disabledProtocols`.',
  },
  {
    name: 'cluster/version',
    severity: 'error',
    description: 'The server is of a release that the policy does not admit',
    danger:
      'Weaknesses of the release void what grants promise. Below 5.0 an account that may insert can overwrite by `applyOps`.',
    remedy: 'Upgrade the server.',
  },
  {
    name: 'cluster/end-of-life',
    severity: 'error',
    description: 'The release line gets no security fixes any more',
    danger: 'What is found in it from now on stays open.',
    remedy: 'Upgrade to a release line that MongoDB supports.',
  },
  {
    name: 'cluster/mechanisms',
    severity: 'error',
    description: 'Clients may log in by a mechanism that the policy does not name',
    danger: 'An account is as safe as the weakest mechanism by which it can log in.',
    remedy: 'Take the mechanism out of `authenticationMechanisms`, or name it in the policy.',
  },
  {
    name: 'cluster/bind-ip',
    severity: 'error',
    description: 'The server listens on an address that the policy does not name',
    danger: 'The server is reached from networks that nobody meant.',
    remedy: 'Take the address out of `net.bindIp`. `*` stands for every address.',
  },
  {
    name: 'cluster/localhost-exception',
    severity: 'error',
    description: 'Somebody on the machine may make the first account without a login',
    danger: 'Where a server or a shard has no account yet, whoever is on its machine makes one that may do everything.',
    remedy: 'Set the parameter `enableLocalhostAuthBypass` to false once there is an account.',
  },
  {
    name: 'cluster/javascript',
    severity: 'error',
    description: 'Queries may run JavaScript on the server',
    danger: 'Whoever can slip a `$where` or a `$function` into a query runs code there.',
    remedy: 'Set `security.javascriptEnabled: false`.',
  },
  {
    name: 'cluster/auditing',
    severity: 'error',
    description: 'The server keeps no audit log of its own',
    danger: 'Who logged in and who changed roles is told by nobody.',
    remedy: 'Set `auditLog.destination` (Enterprise, Percona).',
  },
  {
    name: 'cluster/encryption-at-rest',
    severity: 'error',
    description: 'The server does not encrypt its files',
    danger: 'Whoever gets a disk or a copy of it reads what is stored.',
    remedy:
      'Set `security.enableEncryption` (Enterprise, Percona), or encrypt the disk and declare it under `attestations` as `encryption-at-rest`.',
  },
] as const satisfies readonly DriftRule[];
