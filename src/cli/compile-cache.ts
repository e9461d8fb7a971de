/**
 * Compiled code, kept between runs where Node.js can (22.8 and newer): a linter that runs on every commit is compiled once.
 * Whoever can write the folder can have code run, so that it is one of the user's own.
 */
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import * as module from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Lets Node.js keep compiled code in a folder of the user's own; without one, or where nothing may be written, the program
 * starts as it does elsewhere. Node.js itself heeds `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` (manual of
 * Node.js, "Module compile cache").
 */
export function keepCompiledCode(env: Environment): void {
  if (!('enableCompileCache' in module) || typeof module.enableCompileCache !== 'function') return;
  if (env['NODE_COMPILE_CACHE'] || env['NODE_DISABLE_COMPILE_CACHE']) return;
  const folder = ownFolder(cacheFolder(env, process.platform, homedir()));
  if (folder !== undefined) module.enableCompileCache(folder);
}

/** Where programs keep what can be made anew, by the custom of the system; nothing if that is no full path. */
export function cacheFolder(env: Environment, platform: NodeJS.Platform, home: string): string | undefined {
  const folder =
    platform === 'win32'
      ? env['LOCALAPPDATA']
      : platform === 'darwin'
        ? join(home, 'Library/Caches')
        : env['XDG_CACHE_HOME'] || join(home, '.cache');
  return folder !== undefined && isAbsolute(folder) ? folder : undefined;
}

/** Our folder in there, made where it is missing; nothing if somebody else could write it, or put another in its place. */
export function ownFolder(base: string | undefined): string | undefined {
  if (base === undefined) return undefined;
  const folder = join(base, 'mongoward');
  try {
    if (!isOwn(existsSync(base) ? base : dirname(base))) return undefined;
    mkdirSync(folder, { mode: 0o700, recursive: true });
    return isOwn(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it is a folder, and no link, of this user, which nobody else may write. Windows keeps users apart by the place. */
function isOwn(folder: string): boolean {
  const found = lstatSync(folder);
  if (!found.isDirectory()) return false;
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & OTHERS_WRITE) === 0);
}

const OTHERS_WRITE = 0o022;
