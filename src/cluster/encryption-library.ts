/**
 * The official encryption library, `mongodb-client-encryption`. It is native code that not everybody needs: looked for
 * where it may be installed, never required, never downloaded.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ClientEncryption } from 'mongodb';
import { Failure } from '../failure.ts';

const NAME = 'mongodb-client-encryption';

/** What the driver works with: this release or a later one of the same major (its `peerDependencies`). */
const LEAST = [7, 2];

export type FoundLibrary =
  | { readonly version: string; readonly folder: string; readonly problem?: string }
  /** The folders in which, and above which, it was looked for. */
  | { readonly version?: undefined; readonly lookedIn: readonly string[] };

/** The driver's own file: the driver looks beside itself. */
function driverFile(): string {
  return createRequire(import.meta.url).resolve('mongodb');
}

/** Looks beside the driver, and then in `folder`. Nothing of it is run; `problem`: why it can't be of use. */
export function findEncryptionLibrary(folder: string, driver = driverFile()): FoundLibrary {
  const places = [
    { require: createRequire(driver), shown: dirname(dirname(driver)) },
    { require: createRequire(join(folder, 'any.js')), shown: folder },
  ];
  for (const { require } of places) {
    const file = resolved(require, `${NAME}/package.json`);
    if (file === undefined) continue;
    const [version, found] = [String(require(file).version), dirname(file)];
    return { version, folder: found, ...(fits(version) ? {} : { problem: unfit(version, found) }) };
  }
  return { lookedIn: places.map(({ shown }) => shown) };
}

/** Makes the driver able to make keys. Throws a Failure that says what to install, or why it can't be loaded. */
export function loadEncryptionLibrary(folder: string, driver = driverFile()): void {
  const found = findEncryptionLibrary(folder, driver);
  const advice = `nothing was changed; run npm install ${NAME}@${LEAST[0]} in ${folder}, or have the keys made by hand`;
  if (found.version === undefined) {
    throw new Failure(`data encryption keys are made by ${NAME}, which is not installed`, {
      details: found.lookedIn.map((place) => `looked in ${place}, and in the folders above it`),
      advice,
    });
  }
  if (found.problem !== undefined) throw new Failure(found.problem, { advice });
  const library = loaded(found.folder, placeText(found.version, found.folder));
  // The driver looks beside itself alone, and takes the class from this one place.
  Object.defineProperty(ClientEncryption, 'getMongoCrypt', { configurable: true, value: () => library });
}

function resolved(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
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
