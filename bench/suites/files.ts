/** Files of many parts: a folder of migrations, a schema with sealed fields. In a process of its own each time, once. */
import { formatSum, hashOf, SUM_FILE } from '../../src/migrate/sum.ts';
import type { Figure, Finding, Suite } from '../figure.ts';
import { inFolder, node, run, timed } from '../measure.ts';

const RUNS = 7;
const FILES = 1000;
const FIELDS = 1000;
const LIBRARY = new URL('../../dist/', import.meta.url);

function migrationText(at: number): string {
  const role = (name: string): string => `  - kind: createRole
    target: { role: ${name}, db: audit }
    reason: the policy says so
    at: policies/policy.yaml:${at + 1}:3
    after:
      privileges:
        - { resource: { db: app${at}, collection: items }, actions: [ find, insert, update ] }
        - { resource: { db: app${at}, collection: orders }, actions: [ find, listIndexes ] }
      roles: []
`;
  return `mongowardMigration: 1
policy: bench
policyHash: ${String(at).padStart(64, 'a')}
server: 8.0.4
operations:
${['a', 'b', 'c'].map((name) => role(`${name}${at}`)).join('')}`;
}

function migrationsFolder(): ReadonlyMap<string, string> {
  const texts = Array.from({ length: FILES }, (_, at): [string, string] => [
    `${20_260_101_000_000 + at}_step.yaml`,
    migrationText(at),
  ]);
  const sum = formatSum(texts.map(([name, text]) => ({ name, hash: hashOf(text) })));
  return new Map([...texts, [SUM_FILE, sum]]);
}

function sealedPolicy(): string {
  const fields = Array.from({ length: FIELDS }, (_, at) => `f${at}`);
  const properties = fields.map((field) => `        ${field}: { bsonType: string }\n`).join('');
  const sealed = fields.map((field) => `        ${field}: { bsonType: string, algorithm: random, keyAltName: k }\n`);
  return `apiVersion: mongoward/v1
metadata: { name: bench }
collections:
  audit.logs:
    schema:
      bsonType: object
      properties:
${properties}    encryption:
      keyVault: encryption.__keyVault
      kms: { provider: gcp, projectId: p, location: l, keyRing: r, keyName: k }
      fields:
${sealed.join('')}`;
}

/** Says how long its work took, as its exit has no place for it. */
function child(modules: Readonly<Record<string, string>>, before: string, work: string): string {
  const imports = Object.entries(modules).map(
    ([names, path]) => `import { ${names} } from ${JSON.stringify(new URL(path, LIBRARY).href)};\n`,
  );
  return `${imports.join('')}import { readdirSync, readFileSync } from 'node:fs';
${before}
const started = performance.now();
${work}
process._rawDebug('took', performance.now() - started);`;
}

function figure(id: string, what: string, script: string, most: number): (folder: string) => Promise<Figure> {
  return async (folder) => {
    const line = node(['--input-type=module', '-e', script], folder);
    const { ms } = await timed(RUNS, async () => ({ ms: (await run(line)).took ?? Number.NaN }));
    return { kind: 'figure', id, what, ms, runs: RUNS, most: { ms: most } };
  };
}

export const files: Suite = {
  name: 'files',
  about: 'What is read with every command: a folder of migrations, a schema with sealed fields. Without the start.',
  minutes: 0.3,
  async *run(): AsyncIterable<Finding> {
    const reading = child(
      { readDirectory: 'migrate/directory.js' },
      '',
      `const texts = readdirSync('.').map((name) => ({ name, text: readFileSync(name, 'utf8') }));
       const sum = texts.find(({ name }) => name === '${SUM_FILE}').text;
       const { files, problems } = readDirectory('.', texts.filter(({ name }) => name !== '${SUM_FILE}'), sum);
       if (files.length !== ${FILES} || problems.length > 0) throw new Error('not read');`,
    );
    yield await inFolder(
      migrationsFolder(),
      figure('files/migrations', `reading a folder of ${FILES.toLocaleString('en')} migrations`, reading, 300),
    );
    const compiling = child(
      { 'parsePolicyFile, compilePolicy': 'library/mongoward.js' },
      `const text = readFileSync('policy.yaml', 'utf8');
       const parsed = parsePolicyFile({ file: 'policy.yaml', text });`,
      `const { intent } = compilePolicy([parsed]);
       if (intent === undefined) throw new Error('not compiled');`,
    );
    yield await inFolder(
      new Map([['policy.yaml', sealedPolicy()]]),
      figure('files/sealed', `compiling a schema with ${FIELDS.toLocaleString('en')} sealed fields`, compiling, 200),
    );
  },
};
