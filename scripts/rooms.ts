/**
 * The rooms of src/: what each is for, which others it may import, and what of the world outside it may touch. The
 * linter's import restrictions and the table in CONTRIBUTING.md are written from here by `npm run generate`.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

type Outside = 'driver' | 'sockets' | 'machine';

interface Room {
  readonly name: string;
  /** A sentence or less, in Markdown. */
  readonly purpose: string;
  /** Other rooms; files directly below src/ and src/generated/ are open to all. */
  readonly imports: readonly string[];
  readonly outside?: readonly Outside[];
}

/** Each after those that it imports, so that no room can come to import itself through others. */
const ROOMS: readonly Room[] = [
  {
    name: 'input',
    purpose: 'what a text may be: UTF-8, plain YAML or JSON data with places, nothing that a reader does not see',
    imports: [],
  },
  {
    name: 'files',
    purpose: 'the disk: files of a limited size read, files written whole',
    imports: ['input'],
    outside: ['machine'],
  },
  {
    name: 'model',
    purpose:
      "MongoDB's authorization as data: names, resources, privileges, roles and their graph, built-in roles and actions by release",
    imports: [],
  },
  {
    name: 'state',
    purpose: "the one shape of a cluster's state, its canonical form, snapshot files",
    imports: ['input', 'model'],
  },
  {
    name: 'encryption',
    purpose:
      'sealed fields: field maps as server and client schemas, ciphertext headers, key vaults against the policy',
    imports: ['model', 'state'],
  },
  {
    name: 'policy',
    purpose:
      'policy files: parsed with positions, validated, compiled to the intent; selectors of accounts; reviews that are due',
    imports: ['input', 'model', 'encryption'],
  },
  {
    name: 'access',
    purpose:
      'who can do what, through which grants: techniques, what commands demand, the analysis of a state, violations of protections',
    imports: ['model', 'state', 'policy'],
  },
  {
    name: 'plan',
    purpose:
      'the desired state, restrictions solved to grants, the one place that compares two states, operations (a handler for each kind), their order and effects',
    imports: ['model', 'state', 'encryption', 'policy', 'access'],
  },
  {
    name: 'migrate',
    purpose: 'migration files and their sum, guards, lock, journal, execution, rollback',
    imports: ['input', 'model', 'state', 'policy', 'access', 'plan'],
  },
  {
    name: 'lint',
    purpose: 'rules on compiled policies',
    imports: ['input', 'model', 'state', 'encryption', 'policy', 'access', 'plan'],
  },
  {
    name: 'drift',
    purpose: 'findings from intent and actual state',
    imports: ['input', 'model', 'state', 'encryption', 'policy', 'access', 'plan'],
  },
  {
    name: 'expect',
    purpose: 'expectations about policies: files of them, what the model answers, coverage, written from a policy',
    imports: ['input', 'model', 'state', 'policy', 'access', 'plan'],
  },
  {
    name: 'adopt',
    purpose: "policies from a cluster, from templates, from other tools' files, and written for these",
    imports: ['input', 'model', 'state', 'policy'],
  },
  {
    name: 'crud-service',
    purpose: "Mia-Platform's CRUD Service: its collection definitions and environment, as a policy and against one",
    imports: ['input', 'model', 'encryption', 'policy', 'access', 'plan', 'adopt'],
  },
  {
    name: 'cluster',
    purpose: 'the live adapter over the driver: connect, read, lock, journal, send, scan, doctor',
    imports: ['input', 'files', 'model', 'state', 'encryption', 'access', 'plan', 'migrate'],
    outside: ['driver', 'sockets', 'machine'],
  },
  {
    name: 'report',
    purpose: 'how everything is shown, text and JSON',
    imports: [
      'input',
      'model',
      'state',
      'encryption',
      'policy',
      'access',
      'plan',
      'migrate',
      'lint',
      'drift',
      'crud-service',
      'expect',
      'cluster',
    ],
  },
  {
    name: 'page',
    purpose: "the HTML report's style and script, which run in a browser",
    imports: ['model', 'report'],
  },
  {
    name: 'watch',
    purpose: 'drift, again and again: rounds, what listens for metrics and pages, what calls out on a change',
    imports: ['drift', 'report'],
    outside: ['sockets'],
  },
  {
    name: 'sandbox',
    purpose: "an in-process server that speaks MongoDB's wire protocol, enough for access control",
    imports: ['model', 'state'],
    outside: ['sockets'],
  },
  {
    name: 'ephemeral',
    purpose:
      "a server of one's own on loopback, a mongod that is found or else the sandbox: policies applied there, expectations tried as their accounts",
    imports: ['files', 'model', 'state', 'policy', 'access', 'plan', 'migrate', 'expect', 'cluster', 'sandbox'],
    outside: ['driver', 'machine'],
  },
  {
    name: 'library',
    purpose:
      'what the package exports: `mongoward`, which is pure, `mongoward/cluster`, which connects, `mongoward/test` for test suites, and calls with simple arguments',
    imports: [
      'input',
      'model',
      'state',
      'encryption',
      'policy',
      'access',
      'plan',
      'migrate',
      'lint',
      'drift',
      'cluster',
      'ephemeral',
    ],
    outside: ['driver'],
  },
  {
    name: 'demo',
    purpose: 'what a local server is seeded with, and the walk through the main job',
    imports: ['report', 'cluster', 'ephemeral'],
    outside: ['driver', 'machine'],
  },
  {
    name: 'cli',
    purpose: 'yargs: a file for each command, nothing but arguments, calls, output',
    imports: [
      'input',
      'files',
      'model',
      'state',
      'encryption',
      'policy',
      'access',
      'plan',
      'migrate',
      'lint',
      'drift',
      'adopt',
      'crud-service',
      'expect',
      'cluster',
      'report',
      'ephemeral',
      'watch',
      'demo',
    ],
    outside: ['driver', 'machine'],
  },
];

const OUTSIDE: Readonly<Record<Outside, readonly string[]>> = {
  driver: ['mongodb', 'mongodb-client-encryption'],
  sockets: ['node:dgram', 'node:dns', 'node:http', 'node:https', 'node:net', 'node:tls'],
  machine: ['node:child_process', 'node:fs', 'node:fs/promises', 'node:os', 'node:process'],
};

const KINDS = Object.keys(OUTSIDE) as Outside[];

/** The folders of src/ that are no rooms. */
const NO_ROOMS = ['generated'];

/**
 * Throws an Error if the table is not about the folders of src/ that there are, or names a room before those that it
 * imports.
 */
export function checkRooms(folders: readonly string[]): void {
  const names = ROOMS.map(({ name }) => name);
  const wanted = folders.filter((folder) => !NO_ROOMS.includes(folder)).sort();
  if ([...names].sort().join() !== wanted.join()) {
    throw new Error(`scripts/rooms.ts tells of the folders ${names.join(', ')}, and src/ has ${wanted.join(', ')}`);
  }
  for (const [index, { name, imports }] of ROOMS.entries()) {
    const later = imports.find((other) => !names.slice(0, index).includes(other));
    if (later !== undefined)
      throw new Error(`scripts/rooms.ts: ${name} may import ${later}, which does not come before`);
  }
}

/** The table of CONTRIBUTING.md. */
export function roomsTable(): string {
  const words = (list: readonly string[] = []): string => (list.length === 0 ? 'nothing' : list.join(', '));
  return [
    '| Folder | What it is for | May import | Touches outside |',
    '|---|---|---|---|',
    ...ROOMS.map(
      ({ name, purpose, imports, outside }) => `| \`${name}/\` | ${purpose} | ${words(imports)} | ${words(outside)} |`,
    ),
  ].join('\n');
}

/** `biome.json` with the restrictions of every room, and all else as it was. */
export function withRestrictions(biome: string, root: string): string {
  const config = JSON.parse(biome) as { overrides?: readonly { readonly includes?: readonly string[] }[] };
  const ours = new Set(ROOMS.map(({ name }) => folderOf(name)));
  const others = (config.overrides ?? []).filter(({ includes = [] }) => !includes.some((path) => ours.has(path)));
  const text = JSON.stringify({ ...config, overrides: [...others, ...ROOMS.map(restriction)] });
  const formatter = join(root, 'node_modules/@biomejs/biome/bin/biome');
  return execFileSync(process.execPath, [formatter, 'format', '--stdin-file-path=biome.json'], {
    cwd: root,
    encoding: 'utf8',
    input: text,
  });
}

function folderOf(room: string): string {
  return `src/${room}/**`;
}

function restriction({ name, imports, outside = [] }: Room) {
  const closed = ROOMS.map((room) => room.name).filter((room) => room !== name && !imports.includes(room));
  const allowed = imports.length === 0 ? 'no other room' : `${imports.join(', ')} only`;
  const rooms = {
    group: closed.sort().map((room) => `**/${room}/**`),
    message: `${name}/ may import ${allowed}: see the rooms in CONTRIBUTING.md.`,
  };
  const world = KINDS.filter((kind) => !outside.includes(kind)).map((kind) => {
    const open = ROOMS.filter((room) => room.outside?.includes(kind)).map((room) => `${room.name}/`);
    return { group: OUTSIDE[kind], message: `Only ${open.join(', ')} and the tests may touch the ${kind}.` };
  });
  const options = { patterns: [...(closed.length === 0 ? [] : [rooms]), ...world] };
  return {
    includes: [folderOf(name)],
    linter: { rules: { style: { noRestrictedImports: { level: 'error', options } } } },
  };
}
