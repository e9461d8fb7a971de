/**
 * Compiled code, kept between runs: a linter that runs on every commit is compiled once. Node.js can keep it itself from
 * 22.8 on (`module.enableCompileCache`), but only of functions that run while a file is loaded: the others, which are most
 * of the time, are compiled anew each time.
 * Whoever can write the folder can have code run, so that it is one of the user's own.
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import Module from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

type Environment = Readonly<Record<string, string | undefined>>;

/** How long what is kept serves, in milliseconds: what an earlier release has left behind is cleared then. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
const SUM_BYTES = 4;

export interface CompileCache {
  /** A CommonJS file as Node.js wraps it, compiled: as it was kept under this name, or anew. Throws if it can't be read. */
  compile(file: string, name: string): Script;
  /** Keeps what was compiled anew, as far as it is compiled by now. Fails silently: the next run compiles again. */
  keep(): void;
}

/**
 * The compiled code in a folder, or nowhere. What is there is compared with a sum: V8 checks version, flags and length, and
 * a byte that has turned makes it crash.
 */
export function compileCache(folder: string | undefined, now = Date.now()): CompileCache {
  const fresh = new Map<string, Script>();
  return {
    compile(file, name) {
      const source = readFileSync(file);
      const code = Module.wrap(source.toString());
      if (folder === undefined) return new Script(code, { filename: file });
      const path = join(folder, `${name}-${crc32(source).toString(16)}-${process.version}-${process.arch}`);
      const script = new Script(code, { filename: file, cachedData: readKept(path, now) });
      if (script.cachedDataRejected !== false) fresh.set(path, script);
      return script;
    },
    keep() {
      if (folder === undefined || fresh.size === 0) return;
      try {
        for (const [path, script] of fresh) writeKept(path, script.createCachedData());
        clearOld(folder, now);
      } catch {
        // A full disk, or a folder that is gone: the next run compiles as this one did.
      }
    },
  };
}

function readKept(path: string, now: number): Buffer | undefined {
  try {
    if (isOld(path, now)) return undefined;
    const kept = readFileSync(path);
    const data = kept.subarray(0, -SUM_BYTES);
    return kept.length > SUM_BYTES && kept.readUInt32LE(data.length) === crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Under another name first, so that nobody reads half of it. */
function writeKept(path: string, data: Buffer): void {
  const sum = Buffer.alloc(SUM_BYTES);
  sum.writeUInt32LE(crc32(data));
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, Buffer.concat([data, sum]), { mode: 0o600 });
  renameSync(unfinished, path);
}

function clearOld(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (isOld(path, now)) rmSync(path, { recursive: true, force: true });
  }
}

function isOld(path: string, now: number): boolean {
  return now - lstatSync(path).mtimeMs > KEPT_MS;
}

/**
 * Where compiled code is kept: in `NODE_COMPILE_CACHE`, else where programs keep what can be made anew. Nowhere with
 * `NODE_DISABLE_COMPILE_CACHE`, and while coverage is taken, as Node.js has it (manual, "Module compile cache").
 */
export function compiledCodeFolder(env: Environment, home = homedir): string | undefined {
  if (env['NODE_DISABLE_COMPILE_CACHE'] || env['NODE_V8_COVERAGE']) return undefined;
  return ownFolder(cacheFolder(env, process.platform, home));
}

/** Where programs keep what can be made anew, by the custom of the system; nothing if that is no full path. */
export function cacheFolder(env: Environment, platform: NodeJS.Platform, home: () => string): string | undefined {
  const folder = env['NODE_COMPILE_CACHE'] || customaryFolder(env, platform, home);
  return folder !== undefined && isAbsolute(folder) ? folder : undefined;
}

function customaryFolder(env: Environment, platform: NodeJS.Platform, home: () => string): string | undefined {
  if (platform === 'win32') return env['LOCALAPPDATA'];
  if (platform !== 'darwin' && env['XDG_CACHE_HOME']) return env['XDG_CACHE_HOME'];
  try {
    return join(home(), platform === 'darwin' ? 'Library/Caches' : '.cache');
  } catch {
    // A number that is nobody's, as containers run under: it has no home.
    return undefined;
  }
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
