/** The declarations that are built: whatever type a signature names can be imported from the same entry. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from 'typescript/unstable/ast';
import {
  isExpressionWithTypeArguments,
  isIdentifier,
  isImportTypeNode,
  isQualifiedName,
  isTypeReferenceNode,
} from 'typescript/unstable/ast/is';
import { type Checker, type Symbol as Declared, SymbolFlags } from 'typescript/unstable/sync';
import { aliased, ENTRIES, type Entry, unbuilt, withEntries } from './entries.ts';

const DRIVER = {
  mongoward: [],
  'mongoward-cluster': ['ClientEncryptionOptions', 'MongoClient'],
  'mongoward-test': ['MongoClient'],
} as const;

const declarations = ENTRIES.map((entry) => `dist/library/${entry}.d.ts`);
// One compiler reads all of them: to start it takes longer than to look at one.
const named = unbuilt === false ? withEntries(declarations, namedTypes) : [];

for (const [index, entry] of ENTRIES.entries()) {
  test(`every type that a signature of ${entry} names is exported from it`, { skip: unbuilt }, () => {
    const { inner, outer } = named[index] ?? assert.fail();
    assert.deepEqual([...inner].sort(), [], 'export these too, in src/library/types.ts');
    // Who compiles a policy has no types of the driver in the way, and none of Node.js.
    assert.deepEqual([...outer].sort(), DRIVER[entry]);
  });
}

/**
 * What the declarations of an entry's exports name, and it does not export: our own types (`inner`), with where they are
 * named, themselves looked through in turn; and those of other packages than the compiler's library (`outer`).
 */
function namedTypes({ checker, exports }: Entry): { readonly inner: Set<string>; readonly outer: Set<string> } {
  const [inner, outer] = [new Set<string>(), new Set<string>()];
  const open = [...exports.values()];
  const seen = new Set(open.map(({ id }) => id));
  for (const symbol of open) {
    for (const type of symbol.declarations.flatMap((handle) => typesIn(handle.resolve(), checker))) {
      const path = type.declarations[0]?.path ?? '';
      if (seen.has(type.id) || /\/lib\.[\w.]+\.d\.ts$/.test(path)) continue;
      seen.add(type.id);
      if (path.includes('/node_modules/')) {
        outer.add(type.name);
      } else {
        inner.add(`${type.name}, named by ${symbol.name}`);
        open.push(type);
      }
    }
  }
  return { inner, outer };
}

function typesIn(node: Node | undefined, checker: Checker): readonly Declared[] {
  if (node === undefined) return [];
  const found: Declared[] = [];
  const visit = (part: Node): undefined => {
    const symbol = isIdentifier(part) && namesType(part.parent) ? checker.getSymbolAtLocation(part) : undefined;
    const type = symbol && aliased(checker, symbol);
    if (type !== undefined && (type.flags & SymbolFlags.TypeParameter) === 0) found.push(type);
    part.forEachChild(visit);
  };
  visit(node);
  return found;
}

function namesType(node: Node): boolean {
  return (
    isTypeReferenceNode(node) || isQualifiedName(node) || isExpressionWithTypeArguments(node) || isImportTypeNode(node)
  );
}
