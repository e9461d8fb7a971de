/**
 * A file that the sum of its folder vouches for: it was whole when the sum was written, and is the same. What has run long
 * ago is not read again with every command. What is needed of a file is read with every check then.
 */
import { Failure } from '../failure.ts';
import { once } from '../model/once.ts';
import type { FileText, MigrationFile } from './directory.ts';
import type { MigrationName } from './file-names.ts';
import type { FileHead, Migration } from './migration.ts';
import { parseMigration } from './parse-migration.ts';

/**
 * `folder` is how messages name it. Whoever asks for the migration of a file that can't be read gets a Failure; for a
 * problem instead there is `unreadable`.
 */
export function vouchedFile(
  folder: string,
  { name, text }: FileText,
  hash: string,
  named: MigrationName,
): MigrationFile {
  const parsed = once(() => parseMigration(`${folder}/${name}`, text));
  const migration = (): Migration => {
    const { migration: read, problems } = parsed();
    if (read !== undefined) return read;
    const [first, ...others] = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
    throw new Failure(first ?? `${folder}/${name} can't be read`, { details: others, advice: 'nothing was changed' });
  };
  const head = once(() => headOf(text, named) ?? migration());
  return {
    name,
    hash,
    text,
    get head() {
      return head();
    },
    get migration() {
      return migration();
    },
    unreadable: () => parsed().problems.map(({ line, message }) => ({ kind: 'invalid', name, line, message })),
    mayHold: (kinds) => text.includes('\\') || kinds.some((kind) => text.includes(kind)),
  };
}

/** As it is printed: anything else is left to the parser. A key of the head begins its line, what is in its value never does. */
function headOf(text: string, named: MigrationName): FileHead | undefined {
  const head = /^(?:(?!operations:).*\r?\n)+(?=operations:)/.exec(text)?.[0] ?? '';
  const [, policy] = /^policy: ([A-Za-z][\w-]*)\r?$/m.exec(head) ?? [];
  const [, policyHash] = /^policyHash: ([0-9a-f]{64})\r?$/m.exec(head) ?? [];
  return policy === undefined || policyHash === undefined ? undefined : { ...named, policy, policyHash };
}
