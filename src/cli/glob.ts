/** Paths with asterisks: where no shell stands between (cmd.exe, quotes in a script of npm), they come as they were typed. */
import { existsSync, readdirSync } from 'node:fs';
import native, { type PlatformPath } from 'node:path';
import { Failure } from '../failure.ts';
import { matchesText } from '../policy/selector.ts';

/**
 * What the paths stand for, each as it would have been typed: `*` for any name, `**` for any folders. A path that is there
 * is never a pattern. Throws a Failure if nothing matches.
 */
export function expandPaths(cwd: string, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    if (!path.includes('*') || existsSync(native.resolve(cwd, path))) return [path];
    const { start, parts } = partsOf(path);
    const found = matches(cwd, start, parts);
    if (found.length === 0)
      throw new Failure(`no file or folder matches ${path}`, { advice: 'name one that is there' });
    return [...new Set(found)].sort();
  });
}

/** Where a pattern begins, and its parts: `C:\p\*.yaml` at `C:\`, `p/*.yaml` at the working directory. */
export function partsOf(
  path: string,
  system: PlatformPath = native,
): { readonly start: string; readonly parts: readonly string[] } {
  const { root } = system.parse(path);
  const separator = system.sep === '\\' ? /[\\/]+/ : /\/+/;
  return {
    start: root,
    parts: path
      .slice(root.length)
      .split(separator)
      .filter((part) => part !== ''),
  };
}

function matches(cwd: string, base: string, [part, ...rest]: readonly string[]): readonly string[] {
  if (part === undefined) return [base];
  if (!part.includes('*')) {
    const path = native.join(base, part);
    return existsSync(native.resolve(cwd, path)) ? matches(cwd, path, rest) : [];
  }
  const entries = entriesOf(native.resolve(cwd, base)).filter(
    ({ name }) => part.startsWith('.') || !name.startsWith('.'),
  );
  if (part !== '**') {
    const named = entries.filter(({ name }) => matchesText(part, name));
    return named.flatMap(({ name }) => matches(cwd, native.join(base, name), rest));
  }
  // Links are not followed: they could lead in circles.
  const below = entries.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules');
  return [
    ...matches(cwd, base, rest),
    ...below.flatMap(({ name }) => matches(cwd, native.join(base, name), [part, ...rest])),
  ];
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // No folder, or none that may be looked into: nothing in it matches.
    return [];
  }
}
