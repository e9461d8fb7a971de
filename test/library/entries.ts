/** The two entries of the package as the compiler sees them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { API, type Checker, type Symbol as Declared, type Project, SymbolFlags } from 'typescript/unstable/sync';

export const root = join(import.meta.dirname, '../..');

/** The reason to skip where nothing is built; `false` where it is. */
export const unbuilt = existsSync(join(root, 'dist/library')) ? false : 'npm run build';

export const ENTRIES = ['mongoward', 'mongoward-cluster', 'mongoward-test'] as const;

export interface Entry {
  readonly checker: Checker;
  /** What it exports by name; aliases are followed. */
  readonly exports: ReadonlyMap<string, Declared>;
}

/** Opens files by their paths from the root, looks at what each exports, and closes them. */
export function withEntries<T>(paths: readonly string[], work: (entry: Entry) => T): readonly T[] {
  const api = new API({ cwd: root });
  try {
    const files = paths.map((path) => join(root, path));
    const snapshot = api.updateSnapshot({ openFiles: files });
    return files.map((file) => work(entryOf(file, snapshot.getDefaultProjectForFile(file))));
  } finally {
    api.close();
  }
}

function entryOf(file: string, project: Project | undefined): Entry {
  const source = project?.program.getSourceFile(file);
  const module = source && project?.checker.getSymbolAtLocation(source);
  if (project === undefined || module === undefined) throw new Error(`the compiler finds no module ${file}`);
  const { checker } = project;
  const exports = checker.getExportsOfModule(module).map((symbol) => [symbol.name, aliased(checker, symbol)] as const);
  return { checker, exports: new Map(exports) };
}

export function aliased(checker: Checker, symbol: Declared): Declared {
  return (symbol.flags & SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}
