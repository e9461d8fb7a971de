/** Large policies made by rule from a seed, so that a benchmark can be repeated anywhere. */

const PER_FILE = 100;

/** A generator of whole numbers below a bound (mulberry32): the same seed, the same numbers. */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/**
 * Policy files by their names, each of 100 roles that inherit from each other within it and 100 users who hold them; the
 * first one protects a collection.
 */
export function policyFiles(roles: number, seed = 1): ReadonlyMap<string, string> {
  const pick = numbers(seed);
  const files = new Map<string, string>();
  for (let file = 0; file * PER_FILE < roles; file += 1) {
    files.set(`${String(file).padStart(5, '0')}.yaml`, policyFile(file, pick));
  }
  return files;
}

function policyFile(file: number, pick: (below: number) => number): string {
  const entries = Array.from({ length: PER_FILE }, (_, entry) => entry);
  const roles = entries.map((entry) => {
    const db = `app${pick(200)}`;
    const inherits = entry % 10 === 0 ? '' : `\n    roles: [role${file}x${entry - 1}@admin]`;
    return `  role${file}x${entry}@admin:\n    privileges:\n      - { on: ${db}.items${pick(25)}, allow: [find, insert, update] }\n      - { on: ${db}.orders, allow: read-only }${inherits}\n`;
  });
  const users = entries.map(
    (entry) =>
      `  user${file}x${entry}@admin:\n    roles: [role${file}x${entry}@admin]\n    mechanisms: [SCRAM-SHA-256]\n    password: { fromEnv: BENCH_PASSWORD }\n    clientSource: [10.${file % 256}.${entry}.0/24]\n`,
  );
  const head =
    file === 0
      ? 'collections:\n  audit.logs: { protection: append-only, access: { insert: [], read: [] } }\ncluster: { version: ">=4.4", tls: requireTLS, authorization: enabled }\n'
      : '';
  return `apiVersion: mongoward/v1\nmetadata: { name: large }\n${head}roles:\n${roles.join('')}users:\n${users.join('')}`;
}
