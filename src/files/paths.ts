/** Paths as people and reports see them: from the working directory, and with slashes on every system. */
import native, { type PlatformPath } from 'node:path';

/** `path` from `cwd`, if it lies there; else as it is. `system`: whose paths these are, this machine's unless given. */
export function shownPath(cwd: string, path: string, system: PlatformPath = native): string {
  return isInside(cwd, path, system) && system.relative(cwd, path) !== '' ? wayTo(cwd, path, system) : path;
}

/** `path` from `cwd`, wherever it lies. */
export function wayTo(cwd: string, path: string, system: PlatformPath = native): string {
  const way = system.relative(cwd, path);
  // Elsewhere a backslash is a character of a name.
  return system.sep === '\\' ? way.replaceAll('\\', '/') : way;
}

/** Whether `path` is the folder `root`, or lies in it. */
export function isInside(root: string, path: string, system: PlatformPath = native): boolean {
  const way = system.relative(root, path);
  return way === '' || !(way === '..' || way.startsWith(`..${system.sep}`) || system.isAbsolute(way));
}

/** The folder and those above it, the nearest first, up to the root of its drive. */
export function upwards(folder: string, system: PlatformPath = native): readonly string[] {
  const folders = [folder];
  for (let at = folder; system.dirname(at) !== at; ) {
    at = system.dirname(at);
    folders.push(at);
  }
  return folders;
}
