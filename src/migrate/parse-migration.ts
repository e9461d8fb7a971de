/** The text of a migration's file, read back and checked: it fits the schema, and its operations hang together. */

import type { FileAccess, FileOperation, MigrationFile } from '../generated/migration.ts';
import { formKey, targetKey } from '../plan/chain.ts';
import type { AccessChange, Effect } from '../plan/effects.ts';
import { type Operation, operation, type Reason } from '../plan/operations/operation.ts';
import { conform } from '../policy/conform.ts';
import type { DocumentPath, Position, Problem } from '../policy/problem.ts';
import { parseSource, type SourceFile } from '../policy/source.ts';
import { ChainBreak, changeOf, type KnownForms } from './file-operation.ts';
import { FORMAT_VERSION, type Migration } from './migration.ts';
import { parseMigrationName } from './names.ts';

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
 * assert.equal(problems[0].message, 'this is not a migration: it lacks the key "mongowardMigration"');
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
  const { policy, policyHash, server } = data;
  return {
    migration: {
      formatVersion: FORMAT_VERSION,
      ...name,
      policy,
      policyHash,
      server,
      operations: read.operations,
      effects: read.effects,
    },
    problems: [],
  };
}

const RULE = 'migration/format';

/** The file's data, if it is a migration that this version reads. */
function sourceOf(file: string, text: string): { readonly source?: SourceFile; readonly problems: readonly Problem[] } {
  const parsed = parseSource(file, text.replaceAll('\r\n', '\n'), 'a migration is written by mongoward migrate new');
  if (!('source' in parsed)) return parsed;
  const { source } = parsed;
  const refuse = (message: string, path: DocumentPath): { readonly problems: readonly Problem[] } => ({
    problems: [{ rule: RULE, severity: 'error', message, ...source.locate(path) }],
  });
  const { data } = source;
  if (typeof data !== 'object' || data === null || !('mongowardMigration' in data)) {
    return refuse('this is not a migration: it lacks the key "mongowardMigration"', []);
  }
  const { mongowardMigration: format } = data;
  if (typeof format === 'number' && Number.isInteger(format) && format > FORMAT_VERSION) {
    const message = `it has format ${format}, and this program reads up to ${FORMAT_VERSION}: use the version of mongoward that wrote it, or a newer one`;
    return refuse(message, ['mongowardMigration']);
  }
  const problems = conform(source, 'migration');
  return problems.length > 0 ? { problems } : { source, problems };
}

function readOperations(
  source: SourceFile,
  list: readonly FileOperation[],
): {
  readonly operations: readonly Operation[];
  readonly effects: ReadonlyMap<string, Effect>;
  readonly problems: readonly Problem[];
} {
  const known: KnownForms = new Map();
  const operations: Operation[] = [];
  const effects = new Map<string, Effect>();
  const problems: Problem[] = [];
  const ids = new Set<string>();
  for (const [index, entry] of list.entries()) {
    try {
      const read = readOperation(source.file, entry, known);
      if (ids.has(read.id)) throw new ChainBreak(`this is here twice: ${read.id}`);
      ids.add(read.id);
      const { gained = [], lost = [] } = entry;
      if (gained.length + lost.length > 0) {
        effects.set(read.id, { gained: gained.map(accessChange), lost: lost.map(accessChange) });
      }
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
  return { operations, effects, problems };
}

function readOperation(file: string, entry: FileOperation, known: KnownForms): Operation {
  const { change, target, idTarget } = changeOf(entry, known);
  const early = entry.kind === 'revokeRolesFromRole' || entry.kind === 'grantRolesToRole' ? entry.early : undefined;
  const id = early === true ? `${target} first` : idTarget;
  const read: Operation = {
    ...operation(change, target, reasonOf(file, entry), id),
    ...(early === true ? { early } : {}),
  };
  checkForms(read, entry, known);
  known.set(targetKey(read), read.after);
  return read;
}

/** What is said must hang together with the operations above, and change something. */
function checkForms(read: Operation, entry: FileOperation, known: KnownForms): void {
  const key = targetKey(read);
  const before = formKey(read, 'before');
  if (known.has(key)) {
    const above = known.get(key);
    if (above === undefined && before !== undefined) {
      throw new ChainBreak(`an operation above drops ${read.target}, and this one changes it`);
    }
    if (above !== undefined && before === undefined) {
      throw new ChainBreak(`${read.target} exists after an operation above, and this one makes it`);
    }
    if (above !== undefined && before !== formKey({ ...read, after: above } as Operation, 'after')) {
      throw new ChainBreak(`"before" is not what the operations above make of ${read.target}`, ['before']);
    }
  }
  if (before === formKey(read, 'after') && read.kind !== 'rotatePassword') {
    throw new ChainBreak(`it changes nothing: ${read.target} is the same before and after`);
  }
  if (read.kind === 'createUser' && read.after.db !== '$external' && !('password' in entry)) {
    throw new ChainBreak(`it does not say where the password of ${read.target} is read from: password: {fromEnv: …}`);
  }
}

const PLACE = /^(.+):(\d+):(\d+)$/s;

function reasonOf(file: string, { reason, at }: FileOperation): Reason {
  const [, named = file, line = '1', column = '1'] = PLACE.exec(at ?? '') ?? [];
  if (at === undefined) return { text: reason };
  const position: Position = { file: named, line: Number(line), column: Number(column), path: '' };
  return { text: reason, at: position };
}

function accessChange({ on, actions, accounts, accountCount }: FileAccess): AccessChange {
  return { resource: on, actions, accounts, accountCount: accountCount ?? accounts.length };
}
