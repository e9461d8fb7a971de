/** Every parser of the program, with what it may come to: a value, or refusals with places inside the text. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDefinitions } from '../../src/crud-service/definition.ts';
import { parseEnvironment } from '../../src/crud-service/environment.ts';
import * as configForm from '../../src/generated/validate-config.js';
import { decodeUtf8 } from '../../src/input/decode.ts';
import { readJson } from '../../src/input/json.ts';
import { readYaml } from '../../src/input/yaml.ts';
import { lintPolicies } from '../../src/lint/lint.ts';
import { parseMigration } from '../../src/migrate/parse-migration.ts';
import { parseSum } from '../../src/migrate/sum.ts';
import { parseNamespace, splitAt } from '../../src/model/names.ts';
import { formatResource, parseResource } from '../../src/model/resource.ts';
import { lowestVersion, satisfies } from '../../src/model/version.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import { conform } from '../../src/policy/conform.ts';
import { matchesText } from '../../src/policy/selector.ts';
import { parseSource } from '../../src/policy/source.ts';
import { formatSnapshot, parseSnapshot } from '../../src/state/snapshot.ts';

export interface Parser {
  readonly name: string;
  readonly corpus: readonly string[];
  /** Throws if the parser did what it must not do. */
  readonly run: (text: string) => void;
}

interface Placed {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A refusal says where, inside the text, and says something. */
function assertPlaced(text: string, problems: readonly Placed[]): void {
  const lines = text.split(/\r\n|\n|\r/);
  for (const { line, column, message } of problems) {
    assert.ok(message.length > 0, 'a refusal says nothing');
    assert.ok(
      Number.isInteger(line) && line >= 1 && line <= lines.length,
      `line ${line} of ${lines.length}: ${message}`,
    );
    assert.ok(Number.isInteger(column) && column >= 1, `column ${column}: ${message}`);
  }
}

const root = join(import.meta.dirname, '../..');

function texts(folder: string, ending: RegExp): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((name) => ending.test(name))
    .sort()
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));
}

const POLICIES = ['policies', 'templates', 'test/lint/corpus', 'test/hostile/policies'].flatMap((folder) =>
  texts(folder, /\.ya?ml$/),
);

const SNAPSHOT = `{"mongowardSnapshot":1,"server":{"version":"8.0.4"},"roles":[{"role":"r","db":"a","privileges":[{"resource":{"db":"a","collection":""},"actions":["find"]}],"roles":[]}],"users":[{"user":"u","db":"admin","roles":[{"role":"r","db":"a"}],"customData":{"n":{"$numberLong":"5"}}}],"databases":[{"name":"a","collections":[{"name":"c","type":"collection","options":{"validator":{"x":{"$gt":1}}},"indexes":[{"name":"_id_","key":{"_id":1}}]}]}],"objects":[{"kind":"role","target":"r@a","policy":"p","created":true}],"unreadable":[]}`;
const DEFINITION = `{"name":"books","database":"shop","fields":[{"name":"_id","type":"ObjectId","required":true},{"name":"title","type":"string","encryption":{"enabled":true,"searchable":false}}],"indexes":[]}`;
const ENVIRONMENT =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable as a policy has it
  'MONGODB_URL=mongodb://app:${secret}@db:27017/shop?authSource=admin\nKMS_PROVIDER=gcp\n# comment\nexport KEY_VAULT_NAMESPACE="encryption.__keyVault"\n';
const CONFIG =
  'clusters:\n  prod: { uri: { fromEnv: PROD_URI }, policies: [policies], variables: { a: b } }\nlint: { rules: { document/name-case: off } }\n';
const TEXTS = [
  'audit.logs',
  '*.*',
  'a.*',
  'cluster',
  'any',
  'name@db',
  'CN=a,O=b@$external',
  '>=5.0',
  '8.0.4',
  '*a*b*',
  '{"db":"a","collection":"*"}',
];

export const PARSERS: readonly Parser[] = [
  {
    name: 'policy',
    corpus: POLICIES,
    run: (text) => {
      const file = parsePolicyFile({ file: 'p.yaml', text });
      const { findings, crashes } = lintPolicies([file], ['p.yaml'], { today: '2026-11-23' });
      assert.deepEqual(crashes, []);
      assertPlaced(text, findings);
    },
  },
  {
    name: 'configuration',
    corpus: [CONFIG],
    run: (text) => {
      const parsed = parseSource('mongoward.config.yaml', text);
      assertPlaced(text, 'source' in parsed ? conform(parsed.source, configForm) : parsed.problems);
    },
  },
  {
    name: 'migration',
    corpus: texts('migrations', /\.yaml$/),
    run: (text) => assertPlaced(text, parseMigration('20260131120000_a.yaml', text).problems),
  },
  {
    name: 'sum',
    corpus: texts('migrations', /\.sum$/),
    run: (text) => {
      const sum = parseSum(text);
      if ('message' in sum) assertPlaced(text, [{ ...sum, column: 1 }]);
    },
  },
  {
    name: 'snapshot',
    corpus: [SNAPSHOT],
    run: (text) => {
      try {
        const once = formatSnapshot(parseSnapshot(text));
        assert.equal(formatSnapshot(parseSnapshot(once)), once);
      } catch (error) {
        assert.ok(error instanceof Error && error.constructor === Error, String(error));
        assert.match(error.message, /^(line \d+, column \d+: |it |[a-zA-Z[\].\d]+ )/);
      }
    },
  },
  {
    name: 'definition',
    corpus: [DEFINITION],
    run: (text) => assertPlaced(text, readDefinitions('a.json', text).problems),
  },
  {
    name: 'environment',
    corpus: [ENVIRONMENT],
    run: (text) => assertPlaced(text, parseEnvironment('a.env', text).problems),
  },
  {
    name: 'bytes',
    corpus: [...POLICIES.slice(0, 2), SNAPSHOT],
    run: (text) => {
      const { text: decoded = '' } = decodeUtf8(Buffer.from(text, 'latin1'));
      for (const { refusals = [] } of [readJson(decoded), readYaml(decoded)]) {
        for (const { offset } of refusals) assert.ok(offset >= 0 && offset <= decoded.length);
      }
    },
  },
  {
    name: 'names',
    corpus: TEXTS,
    run: (text) => {
      const resource = parseResource(text);
      if (resource !== undefined) assert.deepEqual(parseResource(formatResource(resource)), resource);
      parseNamespace(text);
      splitAt(text);
      lowestVersion(text);
      satisfies('8.0.4', text);
      assert.ok(matchesText(`${text.replaceAll('*', '')}*`, text.replaceAll('*', '')));
    },
  },
];
