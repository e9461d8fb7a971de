/* What people write for mongosh: look, then make or update, one after the other. */
const count = Number(process.env.BENCH_COUNT);
const bench = db.getSiblingDB('bench');

for (let at = 0; at < count; at += 1) {
  const role = `role${at}`;
  const privileges = [{ resource: { db: 'bench', collection: `c${at}` }, actions: ['find', 'insert'] }];
  if (bench.getRole(role) === null) bench.createRole({ role, privileges, roles: [] });
  else bench.updateRole(role, { privileges, roles: [] });
}
for (let at = 0; at < count; at += 1) {
  const user = `user${at}`;
  const roles = [`role${at}`];
  if (bench.getUser(user) === null) {
    bench.createUser({ user, pwd: process.env.BENCH_PASSWORD, roles, mechanisms: ['SCRAM-SHA-256'] });
  } else bench.updateUser(user, { roles });
}
