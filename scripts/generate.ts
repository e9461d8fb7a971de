/**
 * Writes everything that is made from something else: the import restrictions of biome.json and the rooms of
 * CONTRIBUTING.md from scripts/rooms.ts, src/generated/ from the JSON schemas and src/page/, the index of docs/rules/ from
 * the table of rules, docs/findings.md from that of what a drift report finds, docs/what-roles-can-do.md from the techniques, migrations/ from the shipped policy. With --check it
 * writes nothing and exits with 1 if a file is not what it would write.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import type { LintRule } from '../src/lint/rule.ts';
import { reportPage } from './report-page.ts';
import { checkRooms, roomsTable, withRestrictions } from './rooms.ts';
import { validatorFiles } from './validators.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const BANNER = '/* Generated from schema/ by `npm run generate`. Do not edit. */\n';

function readSchema(path: string): JSONSchema {
  return JSON.parse(readFileSync(join(root, 'schema', path), 'utf8')) as JSONSchema;
}

function schemaByName(name: string): JSONSchema {
  return readSchema(`${name}.schema.json`);
}

/** The types of one schema. Its `$ref`s to other files are resolved against the folder that it is in. */
async function types(path: string): Promise<string> {
  const schema = readSchema(path);
  return compile(schema, path, {
    bannerComment: '',
    cwd: join(root, 'schema', dirname(path)),
    additionalProperties: false,
    unreachableDefinitions: false,
    format: false,
  });
}

async function generated(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  files.set('policy.ts', await types('policy.schema.json'));
  files.set('config.ts', await types('config.schema.json'));
  files.set('migration.ts', await types('migration.schema.json'));
  files.set('expectations.ts', await types('expectations.schema.json'));
  const outputs = readdirSync(join(root, 'schema/output')).filter((name) => name.endsWith('.json'));
  for (const name of outputs.sort()) {
    files.set(`output-${name.replace(/\.json$/, '.ts')}`, await shared(name, await types(`output/${name}`)));
  }
  for (const name of ['policy', 'config', 'snapshot', 'migration', 'expectations']) {
    for (const [file, code] of validatorFiles(name, schemaByName)) files.set(file, code);
  }
  return files;
}

/** What several outputs hold, the larger first: the report of a fleet holds drift reports, and these their evidence. */
const SHARED = [
  ['DriftReport', 'drift-report.json'],
  ['ReportEvidence', 'evidence.json'],
] as const;

/** The generator writes what a schema refers to into each file anew. Here it comes from one. */
async function shared(name: string, code: string): Promise<string> {
  let text = code;
  const imports: string[] = [];
  for (const [type, file] of SHARED) {
    if (name === file || !new RegExp(`\\b${type}\\b`).test(text)) continue;
    const own = await types(`output/${file}`);
    if (!text.includes(own)) throw new Error(`${name} has a ${type} in another form than ${file}`);
    text = text.replace(own, '');
    if (!new RegExp(`\\b${type}\\b`).test(text)) continue;
    imports.push(`import type { ${type} } from './output-${file.replace(/\.json$/, '.ts')}';\n\n`);
  }
  return `${imports.join('')}${text}`;
}

const FAMILIES: Readonly<Record<string, string>> = {
  document: 'The document: what MongoDB refuses, and what misleads whoever reads it.',
  'least-privilege': 'Least privilege: accounts that can do far more than their work needs.',
  protection: 'Protections: who can break what the policy itself rules out.',
  'default-users': 'Default users: accounts of last resort, and those who administer others.',
  credentials: 'Credentials: secrets, and how accounts log in.',
  encryption: 'Encryption: what MongoDB or its drivers refuse, and what leaks.',
  release: 'Releases: weaknesses of the server versions that the policy admits.',
  retention: 'Retention outside of MongoDB.',
  transport: 'Transport.',
  attestations: 'Attestations: what is declared because MongoDB can not show it.',
  'accepted-risk': 'Accepted risks: findings of the drift report that are accepted for a time.',
  suppression: 'Suppressions in place.',
};

/** The index of the rules' pages, by family. */
function ruleIndex(rules: readonly LintRule[]): string {
  const families = [...new Set(rules.map(({ name }) => name.split('/')[0] ?? ''))];
  const unknown = families.filter((family) => FAMILIES[family] === undefined);
  if (unknown.length > 0) throw new Error(`say in scripts/generate.ts what the family ${unknown.join(', ')} is about`);
  const sections = Object.entries(FAMILIES)
    .filter(([family]) => families.includes(family))
    .map(([family, title]) => {
      const rows = rules
        .filter(({ name }) => name.startsWith(`${family}/`))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(
          ({ name, description, recommended, strict = recommended }) =>
            `| [${name}](${name}.md) | ${description} | ${recommended} | ${strict} |`,
        );
      return [`## ${title}`, '', '| Rule | What it finds | recommended | strict |', '|---|---|---|---|', ...rows].join(
        '\n',
      );
    });
  return `<!-- Generated from src/lint/rules.ts by \`npm run generate\`. Do not edit. -->
# The rules of the linter

${rules.length} rules. Each page says what could happen, to whom, and how to mend it, with an example that is found and a near
miss that is not; both are run as tests. \`mongoward policy explain RULE\` shows a page in the terminal. How to configure
and suppress rules: [linting](../linting.md).

${sections.join('\n\n')}
`;
}

/** What the table of rooms says, where people and the linter read it. */
function rooms(): ReadonlyMap<string, string> {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  checkRooms(folders.map(({ name }) => name));
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  return new Map([
    ['biome.json', withRestrictions(read('biome.json'), root)],
    ['CONTRIBUTING.md', between('rooms', read('CONTRIBUTING.md'), roomsTable())],
  ]);
}

/** A Markdown file with the part between its two markers replaced. Throws an Error if it has not got them. */
function between(name: string, text: string, part: string): string {
  const [begin, end] = [`<!-- ${name}: generated by \`npm run generate\` -->`, `<!-- /${name} -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`no ${begin} … ${end} in this file: ${text.slice(0, 60)}`);
  return `${before}${begin}\n\n${part}\n\n${end}${after}`;
}

const check = process.argv.includes('--check');
const stale: string[] = [];
settle(rooms());
settle(new Map([['src/generated/report-page.ts', await reportPage(root)]]));
settle(new Map([...(await generated())].map(([name, code]) => [`src/generated/${name}`, BANNER + code])));
// All three rest on what has just been generated.
const { RULES } = await import('../src/lint/rules.ts');
const { DRIFT_RULES } = await import('../src/drift/rules.ts');
const { findingsPage } = await import('./findings-page.ts');
const { shippedMigration } = await import('./shipped-migration.ts');
const { rolesPage } = await import('./roles-page/page.ts');
const { runsTable } = await import('./roles-page/runs.ts');
const versions = 'docs/mongodb-versions.md';
settle(
  new Map([
    ['docs/rules/README.md', ruleIndex(RULES)],
    ['docs/findings.md', findingsPage(DRIFT_RULES)],
    ['docs/what-roles-can-do.md', rolesPage(root)],
    [versions, between('runs', readFileSync(join(root, versions), 'utf8'), runsTable(root))],
    ...shippedMigration(root),
  ]),
);
if (check && stale.length > 0) {
  console.error(`Not up to date: ${stale.join(', ')}. Run: npm run generate`);
  process.exitCode = 1;
}

/** Writes what is not as it should be, or with --check only notes it. */
function settle(texts: ReadonlyMap<string, string>): void {
  for (const [path, text] of texts) {
    const absolute = join(root, path);
    const present = existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined;
    if (present === text) continue;
    stale.push(path);
    if (check) continue;
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
  }
}
