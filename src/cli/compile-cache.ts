/**
 * Compiled code, kept between runs: a linter that runs on every commit is compiled once. Node.js can keep it itself from
 * 22.8 on (`module.enableCompileCache`), but only of functions that run while a file is loaded: the others, which are most
 * of the time, are compiled anew each time.
 * Whoever can write the folder can have code run, so that it is one of the user's own.
 */
import { isAscii } from 'node:buffer';
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

const DAY_MS = 24 * 60 * 60 * 1000;
/** What nobody has used for so long is cleared: mostly what an earlier release has left behind. */
const CLEARED_AFTER_MS = 30 * DAY_MS;
/**
 * A run adds what it has compiled to what was kept: no two policies take the same functions. So many runs do, and one a day
 * from then on, since it takes a while.
 */
const LEARNING_RUNS = 4;

/** How a file begins that the build has put into a wrapper. */
const WRAPPED = '(function (exports, require, module';

export interface CompileCache {
  /**
   * A CommonJS file as Node.js wraps it, if the build has not wrapped it yet, compiled: as it was kept under this name, or
   * anew. Throws if it can't be read.
   */
  compile(file: string, name: string): Script;
  /** Keeps what was compiled anew, as far as it is compiled by now. Fails silently: the next run compiles again. */
  keep(): void;
}

interface Kept {
  readonly data: Buffer;
  /** How many runs have added to it. */
  readonly runs: number;
  /** Since when it is as it is, in milliseconds. */
  readonly since: number;
}

/** The compiled code in a folder, or nowhere. */
export function compileCache(folder: string | undefined, now = Date.now()): CompileCache {
  const growing = new Map<string, { readonly script: Script; readonly runs: number }>();
  return {
    compile(file, name) {
      const source = readFileSync(file);
      // Mostly ASCII, which is read several times faster as what it is.
      const text = source.toString(isAscii(source) ? 'latin1' : 'utf8');
      const code = text.startsWith(WRAPPED) ? text : Module.wrap(text);
      if (folder === undefined) return new Script(code, { filename: file });
      const path = join(folder, `${name}-${crc32(source).toString(16)}-${process.version}-${process.arch}`);
      const kept = readKept(path);
      const script = new Script(code, { filename: file, cachedData: kept?.data });
      const runs = kept === undefined || script.cachedDataRejected ? 0 : kept.runs;
      if (kept === undefined || runs < LEARNING_RUNS || now - kept.since > DAY_MS) growing.set(path, { script, runs });
      return script;
    },
    keep() {
      if (folder === undefined || growing.size === 0) return;
      try {
        for (const [path, { script, runs }] of growing) writeKept(path, script.createCachedData(), runs + 1);
        clearOld(folder, now);
      } catch {
        // A full disk, or a folder that is gone: the next run compiles as this one did.
      }
    },
  };
}

/** After the code: a sum of it, and the number of runs. V8 checks version, flags and length, and crashes on a wrong byte. */
const TRAILER_BYTES = 8;

function readKept(path: string): Kept | undefined {
  try {
    const kept = readFileSync(path);
    const end = kept.length - TRAILER_BYTES;
    const data = kept.subarray(0, end);
    if (end < 1 || kept.readUInt32LE(end) !== crc32(data)) return undefined;
    return { data, runs: kept.readUInt32LE(end + 4), since: lstatSync(path).mtimeMs };
  } catch {
    return undefined;
  }
}

/** Under another name first, so that nobody reads half of it. */
function writeKept(path: string, data: Buffer, runs: number): void {
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeUInt32LE(crc32(data), 0);
  trailer.writeUInt32LE(runs, 4);
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, Buffer.concat([data, trailer]), { mode: 0o600 });
  renameSync(unfinished, path);
}

function clearOld(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (now - lstatSync(path).mtimeMs > CLEARED_AFTER_MS) rmSync(path, { recursive: true, force: true });
  }
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
