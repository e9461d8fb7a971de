/** The text of a migration's file, read back and checked: it fits the schema, and its operations hang together. */

import type { FileAccountChange, FileOperation, MigrationFile } from '../generated/migration.ts';
import * as migrationForm from '../generated/validate-migration.js';
import { ChainBreak } from '../plan/operations/chain-break.ts';
import type { Operation, Reason } from '../plan/operations/operation.ts';
import { parseOperation } from '../plan/operations/parse-operation.ts';
import type { KnownForms } from '../plan/operations/target.ts';
import { conform } from '../policy/conform.ts';
import type { DocumentPath, Position, Problem } from '../policy/problem.ts';
import { parseSource, type SourceFile } from '../policy/source.ts';
import { parseMigrationName } from './file-names.ts';
import { FORMAT_VERSION, type Migration, type ToldChange } from './migration.ts';

export type ParsedMigration =
  | { readonly migration: Migration; readonly problems: readonly [] }
  | { readonly migration?: undefined; readonly problems: readonly Problem[] };

/**
 * Reads a migration. `file` is how messages name it; its last part says version and slug. Whatever is wrong comes back
 * as problems with their lines.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { parseMigration } from 'mongoward';
 *
 * const text = `
 * mongowardMigration: 1
 * policy: trail
 * policyHash: ${'f'.repeat(64)}
 * server: 8.0.4
 * operations:
 *   - kind: createRole
 *     target: { role: writer, db: audit }
 *     reason: the policy says so
 *     after:
 *       privileges: [{ resource: { db: audit, collection: logs }, actions: [insert] }]
 *       roles: []
 * `;
 * const { migration } = parseMigration('20260131120000_writer.yaml', text);
 * assert.equal(migration.operations[0].kind, 'createRole');
 *
 * const { problems } = parseMigration('20260131120000_writer.yaml', 'policy: trail');
 * assert.equal(problems[0].message, 'this is not a migration, because it lacks the key "mongowardMigration"');
 * ```
 */
export function parseMigration(file: string, text: string): ParsedMigration {
  const name = parseMigrationName(file);
  if (name === undefined) {
    const message = 'a migration is named <YYYYMMDDHHMMSS>_<words>.yaml, such as 20260131120000_audit-trail.yaml';
    return { problems: [{ rule: RULE, severity: 'error', message, file, line: 1, column: 1, path: '' }] };
  }
  const { source, problems } = sourceOf(file, text);
  if (source === undefined) return { problems };
  const data = source.data as MigrationFile;
  const read = readOperations(source, data.operations);
  if (read.problems.length > 0) return { problems: read.problems };
  const { policy, policyHash, server, cluster, state, accounts, warnings } = data;
  return {
    migration: {
      formatVersion: FORMAT_VERSION,
      ...name,
      policy,
      policyHash,
      server,
      ...(cluster !== undefined && { cluster }),
      ...(state !== undefined && { state }),
      ...(accounts && { accounts: accounts.map(toldOf) }),
      ...(warnings && { warnings }),
      operations: read.operations,
    },
    problems: [],
  };
}

const RULE = 'migration/format';
const WRITTEN_BY = 'a migration is written by mongoward migrate new';

/** The file's data, if it is a migration that this version reads. */
function sourceOf(file: string, text: string): { readonly source?: SourceFile; readonly problems: readonly Problem[] } {
  const parsed = parseSource(file, text.replaceAll('\r\n', '\n'), WRITTEN_BY, 'found');
  if (!('source' in parsed)) return parsed;
  const { source } = parsed;
  const refuse = (message: string, path: DocumentPath): { readonly problems: readonly Problem[] } => ({
    problems: [{ rule: RULE, severity: 'error', message, ...source.locate(path) }],
  });
  const { data } = source;
  if (typeof data !== 'object' || data === null || !('mongowardMigration' in data)) {
    return refuse('this is not a migration, because it lacks the key "mongowardMigration"', []);
  }
  const { mongowardMigration: format } = data;
  if (typeof format === 'number' && Number.isInteger(format) && format > FORMAT_VERSION) {
    const message = `it has format ${format}, and this program reads up to ${FORMAT_VERSION}. Use the version of mongoward that wrote it, or a newer one`;
    return refuse(message, ['mongowardMigration']);
  }
  const problems = conform(source, migrationForm);
  return problems.length > 0 ? { problems } : { source, problems };
}

function readOperations(
  source: SourceFile,
  list: readonly FileOperation[],
): {
  readonly operations: readonly Operation[];
  readonly problems: readonly Problem[];
} {
  const known: KnownForms = new Map();
  const operations: Operation[] = [];
  const problems: Problem[] = [];
  const ids = new Set<string>();
  for (const [index, entry] of list.entries()) {
    try {
      const read = parseOperation(entry, reasonOf(source.file, entry), known);
      if (ids.has(read.id)) throw new ChainBreak(`this is here twice: ${read.id}`);
      ids.add(read.id);
      operations.push(read);
    } catch (error) {
      if (!(error instanceof ChainBreak)) throw error;
      problems.push({
        rule: RULE,
        severity: 'error',
        message: error.message,
        ...source.locate(['operations', index, ...error.path]),
      });
      // What follows hangs on this one: its problems would only be echoes.
      break;
    }
  }
  return { operations, problems };
}

const PLACE = /^(.+):(\d+):(\d+)$/s;

function reasonOf(file: string, { reason, at }: FileOperation): Reason {
  const [, named = file, line = '1', column = '1'] = PLACE.exec(at ?? '') ?? [];
  if (at === undefined) return { text: reason };
  const position: Position = { file: named, line: Number(line), column: Number(column), path: '' };
  return { text: reason, at: position };
}

function toldOf({ gains, ...rest }: FileAccountChange): ToldChange {
  const read = gains?.map(({ on, actions }) => ({ on, actions: actions.split(' ') }));
  return { ...rest, ...(read && { gains: read }) };
}
