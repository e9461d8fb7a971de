/**
 * The official encryption library, `mongodb-client-encryption`. It is native code that not everybody needs: looked for
 * where it may be installed, never required, never downloaded.
 */
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ClientEncryption } from 'mongodb';
import { Failure } from '../failure.ts';
import { readText } from '../files/read-file.ts';
import { readJson } from '../input/json.ts';

const NAME = 'mongodb-client-encryption';

/** What the driver works with: this release or a later one of the same major (its `peerDependencies`). */
const LEAST = [7, 2];

export type FoundLibrary =
  | { readonly version: string; readonly folder: string; readonly problem?: string }
  /** The folders in whose `node_modules` it was looked for; beside the driver, and in those above it. */
  | { readonly version?: undefined; readonly lookedIn: readonly string[] };

/** The driver's own file: the driver looks beside itself. */
function driverFile(): string {
  return createRequire(import.meta.url).resolve('mongodb');
}

/**
 * Looks in the folder that somebody has named, then beside the driver. Never in the working directory, which may be a
 * checkout of anybody's: what lies there is loaded into a process that holds secrets. Nothing of it is run; `problem`:
 * why it can't be of use.
 */
export function findEncryptionLibrary(named?: string, driver = driverFile()): FoundLibrary {
  const beside = dirname(dirname(driver));
  const folders = [...(named === undefined ? [] : [named]), ...aboveOf(beside)];
  const found = folders.map((folder) => join(folder, 'node_modules', NAME)).find(isLibrary);
  if (found === undefined) return { lookedIn: [...(named === undefined ? [] : [named]), beside] };
  const folder = realpathSync(found);
  const version = versionOf(folder);
  return { version, folder, ...(fits(version) ? {} : { problem: unfit(version, folder) }) };
}

function aboveOf(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...aboveOf(above)];
}

function isLibrary(folder: string): boolean {
  return existsSync(join(folder, PACKAGE));
}

const PACKAGE = 'package.json';
const PACKAGE_LIMIT = { maxBytes: 1024 * 1024, advice: 'install the library again' };

/** Read as the data that it is: `require` would let the package run code of its own first. */
function versionOf(folder: string): string {
  const file = join(folder, PACKAGE);
  const { read } = readJson(readText(file, file, PACKAGE_LIMIT));
  const version: unknown = Object(read?.data).version;
  return typeof version === 'string' ? version : 'of no version';
}

/** Makes the driver able to make keys. Throws a Failure that says what to install, or why it can't be loaded. */
export function loadEncryptionLibrary(named?: string, driver = driverFile()): void {
  const found = findEncryptionLibrary(named, driver);
  const advice = `nothing was changed; run npm install ${NAME}@${LEAST[0]} where Mongoward is installed, or in another folder that --encryption-library names. Without the library somebody has to make the keys by hand`;
  if (found.version === undefined) {
    throw new Failure(`data encryption keys are made by ${NAME}, which is not installed`, {
      details: found.lookedIn.map((place, index, all) =>
        index === all.length - 1 ? `looked in ${place}, and in the folders above it` : `looked in ${place}`,
      ),
      advice,
    });
  }
  if (found.problem !== undefined) throw new Failure(found.problem, { advice });
  const library = loaded(found.folder, placeText(found.version, found.folder));
  // The driver looks beside itself alone, and takes the class from this one place.
  Object.defineProperty(ClientEncryption, 'getMongoCrypt', { configurable: true, value: () => library });
}

function placeText(version: string, folder: string): string {
  return `${NAME} ${version} in ${folder}`;
}

function unfit(version: string, folder: string): string {
  return `${placeText(version, folder)} is not what the driver works with: ${LEAST.join('.')} or a later ${LEAST[0]}`;
}

function fits(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wanted = 0, least = 0] = LEAST;
  return major === wanted && minor >= least;
}

/** Its class of what makes keys: native code that may have been built for another platform. */
function loaded(folder: string, where: string): unknown {
  let library: unknown;
  try {
    library = createRequire(import.meta.url)(folder);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const advice = 'nothing was changed; install it again on this machine, with this Node.js';
    throw new Failure(`${where} can't be loaded: ${reason}`, { advice, cause: error });
  }
  if (typeof library === 'object' && library !== null && 'MongoCrypt' in library) return library.MongoCrypt;
  throw new Failure(`${where} has no MongoCrypt, and is not what the driver knows`);
}
