/** A migration as the text of its file: for the reader of a pull request first, exact to the last BSON type all the same. */
import { Document, isCollection, isScalar, type Node, visit, YAMLMap, YAMLSeq } from 'yaml';
import { escapeHidden, hasHidden } from '../input/characters.ts';
import { describeOperation } from '../plan/operations/describe-operation.ts';
import { block, type FilePart, type FileParts, items, line, maybe } from '../plan/operations/file-parts.ts';
import type { Operation } from '../plan/operations/operation.ts';
import { printOperation, printTarget } from '../plan/operations/print-operation.ts';
import type { TargetKey } from '../plan/operations/target.ts';
import { targetKey } from '../plan/operations/target-key.ts';
import { undoText } from '../plan/reverse.ts';
import type { Position } from '../policy/problem.ts';
import { toExtendedJson } from '../state/extended-json.ts';
import type { Migration, ToldChange } from './migration.ts';

const HEAD = ` A migration of access control, planned by Mongoward. Review it, and do not edit it:
 mongoward.sum beside it holds its hash. To change it, remove it and plan again.`;

const LINE_WIDTH = 100;

/**
 * The same migration gives the same text. The file's name says version and slug, the text does not.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, makePlan, migrationOf, parseMigration, parsePolicyFile, policyHash, printMigration } from 'mongoward';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * roles:
 *   writer@audit:
 *     privileges: [{ on: audit.logs, allow: insert-only }]
 * `;
 * const { intent } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
 * const state = {
 *   server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
 *   roles: [],
 *   users: [],
 *   databases: [],
 *   objects: [],
 *   unreadable: [],
 * };
 * const head = { version: '20260131120000', slug: 'writer', policyHash: policyHash(intent), server: '8.0.4' };
 * const migration = migrationOf(makePlan(intent, state), head);
 * const printed = printMigration(migration);
 * assert.match(printed, /kind: createRole/);
 * assert.deepEqual(parseMigration('20260131120000_writer.yaml', printed).migration, migration);
 * ```
 */
export function printMigration(migration: Migration): string {
  const { formatVersion, policy, policyHash, server, cluster, state, accounts, warnings, operations } = migration;
  const document = new Document();
  const known = new Set<TargetKey>();
  const entries = new YAMLSeq();
  for (const [index, operation] of operations.entries()) {
    const key = targetKey(operation);
    const entry = blockNode(document, entryOf(operation, known.has(key)));
    const title = ` ${index + 1}. ${describeOperation(operation)}`.replaceAll('\n', '\\n').replaceAll('\t', '\\t');
    const undo = `undone by: ${undoText(operation)}`;
    const beside = title.length + undo.length + 3 <= LINE_WIDTH;
    entry.commentBefore = `${title}${beside ? ', ' : '\n '}${undo}`;
    // Those of one kind stand together.
    if (index > 0 && operations[index - 1]?.kind !== operation.kind) entry.spaceBefore = true;
    known.add(key);
    entries.add(entry);
  }
  const contents = blockNode(document, {
    mongowardMigration: formatVersion,
    policy,
    policyHash,
    server,
    cluster,
    state,
    accounts: maybe((list) => items(list.map(changeParts)), accounts),
    warnings: maybe(items, warnings),
  });
  contents.set(document.createNode('operations'), entries);
  document.contents = contents;
  document.commentBefore = HEAD;
  quoteHidden(document);
  const text = document.toString({
    lineWidth: LINE_WIDTH,
    blockQuote: false,
    singleQuote: false,
    // A line end in a name stays an escape, so that what follows it begins no line.
    doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY,
  });
  return escapeHidden(text);
}

/** `follows`: operations above have said what the target looks like. */
function entryOf(operation: Operation, follows: boolean): FileParts {
  const { kind, reason } = operation;
  return {
    kind,
    target: line(printTarget(operation)),
    reason: reason.text,
    at: maybe(formatPlace, reason.at),
    ...printOperation(operation, follows),
  };
}

function blockNode(document: Document, parts: FileParts): YAMLMap {
  const map = new YAMLMap();
  for (const [key, part] of Object.entries(parts)) {
    if (part !== undefined) map.set(document.createNode(key), nodeOf(document, part));
  }
  return map;
}

function nodeOf(document: Document, part: FilePart): Node {
  if (typeof part !== 'object') return document.createNode(part);
  switch (part.layout) {
    case 'line':
      return lineNode(document, toExtendedJson(part.value));
    case 'list': {
      if (part.items.length === 0) return nodeOf(document, line([]));
      const items = new YAMLSeq();
      for (const item of part.items) items.add(nodeOf(document, line(item)));
      return items;
    }
    case 'items': {
      if (part.items.length === 0) return nodeOf(document, line([]));
      const list = new YAMLSeq();
      for (const item of part.items) list.add(nodeOf(document, item));
      return list;
    }
    case 'tree':
      return document.createNode(toExtendedJson(part.value), { aliasDuplicateObjects: false });
    case 'block': {
      const map = blockNode(document, part.parts);
      const [only, ...others] = Object.values(part.parts).filter((each) => each !== undefined);
      const isShort = typeof only === 'object' && only.layout === 'line' && fitsLine(toExtendedJson(only.value));
      // `before: { roles: [ … ] }`
      if (others.length === 0 && isShort) map.flow = true;
      return map;
    }
  }
}

/** On one line; of what is too long for it each entry has one. */
function lineNode(document: Document, value: unknown): Node {
  const node = document.createNode(value, { flow: true, aliasDuplicateObjects: false });
  if (fitsLine(value) || !isCollection(node)) return node;
  node.flow = false;
  return node;
}

/** Columns before a value: the indent, the key and what encloses it. */
const BEFORE_VALUE = 16;

function fitsLine(value: unknown): boolean {
  return lengthOf(value) <= LINE_WIDTH - BEFORE_VALUE;
}

/** Of `{ role: read, db: shop }`, about: what has to be quoted is longer. */
function lengthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return String(value).length;
  const entries = Object.entries(value);
  const keys = Array.isArray(value) ? 0 : entries.reduce((sum, [key]) => sum + key.length + 2, 0);
  return entries.reduce((sum, [, inner]) => sum + lengthOf(inner) + 2, keys + 2);
}

function formatPlace({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

function changeParts({ accounts, holds, willHold, others, gains, logins, loses }: ToldChange): FilePart {
  return block({
    accounts: line(accounts),
    holds: maybe(line, holds),
    willHold: maybe(line, willHold),
    others,
    gains: maybe(
      (list) => items(list.map(({ on, actions }) => block({ on: line(on), actions: actions.join(' ') }))),
      gains,
    ),
    logins,
    loses,
  });
}

/** Only a text in double quotes can hold an escape, and only there `<<` is a key like any other. */
function quoteHidden(document: Document): void {
  visit(document, {
    Scalar(_key, node) {
      if (!isScalar(node) || typeof node.value !== 'string') return;
      if (hasHidden(node.value) || /^<<$|[\t\n]/.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
}
