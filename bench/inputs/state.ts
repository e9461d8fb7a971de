/** Large states made by rule, so that a benchmark can be repeated anywhere. */
import type { Role, User } from '../../src/model/role.ts';
import type { ClusterState } from '../../src/state/state.ts';

export interface Size {
  readonly roles: number;
  readonly users: number;
  readonly databases: number;
}

/** Roles inherit in six levels; every hundredth reaches the audit log, every thousandth may set passwords in admin. */
export function largeState({ roles, users, databases }: Size): ClusterState {
  const levels = 6;
  const perLevel = Math.ceil(roles / levels);
  const name = (n: number): string => `role${n}`;
  const database = (n: number): string => (n % 100 === 0 ? 'audit' : `db${n % databases}`);
  const list: Role[] = Array.from({ length: roles }, (_, n) => {
    const level = Math.floor(n / perLevel);
    return {
      role: name(n),
      db: 'admin',
      privileges: [
        {
          resource: { db: database(n), collection: '' },
          actions: ['find', 'insert', ...(n % 300 === 0 ? ['remove'] : [])],
        },
        {
          resource: { db: `db${(n * 7) % databases}`, collection: `c${n % 10}` },
          actions: ['find', 'insert', 'update'],
        },
        ...(n % 1000 === 999 ? [{ resource: { db: 'admin', collection: '' }, actions: ['changePassword'] }] : []),
      ],
      roles:
        level === 0
          ? []
          : [n, n * 3, n * 5].map((k) => ({ role: name((level - 1) * perLevel + (k % perLevel)), db: 'admin' })),
    };
  });
  const people: User[] = Array.from({ length: users }, (_, n) => ({
    user: `user${n}`,
    db: n % 20 === 0 ? `db${n % databases}` : 'admin',
    roles: [n, n * 11].map((k) => ({ role: name(k % roles), db: 'admin' })),
    mechanisms: ['SCRAM-SHA-256'],
  }));
  return {
    server: { version: '8.0.4', edition: 'enterprise', topology: 'replicaSet' },
    roles: list,
    users: people,
    databases: Array.from({ length: databases }, (_, n) => ({ name: `db${n}`, collections: [] })),
    objects: [],
    unreadable: [],
  };
}
