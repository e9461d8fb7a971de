/** Names of migration files: when they were planned, which is the order in which they run, and what they are about. */

export interface MigrationName {
  /** `YYYYMMDDHHMMSS`, in UTC. */
  readonly version: string;
  readonly slug: string;
}

const NAME = /(?:^|[/\\])(\d{14})_([a-z0-9]+(?:-[a-z0-9]+)*)\.yaml$/;

/**
 * The name of the file that holds a migration.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { formatMigrationName } from 'mongoward';
 *
 * assert.equal(formatMigrationName({ version: '20260131120000', slug: 'writer' }), '20260131120000_writer.yaml');
 * ```
 */
export function formatMigrationName({ version, slug }: MigrationName): string {
  return `${version}_${slug}.yaml`;
}

/** What the last part of a path says; nothing if it is no migration's name. */
export function parseMigrationName(path: string): MigrationName | undefined {
  const [, version, slug] = NAME.exec(path) ?? [];
  return version === undefined || slug === undefined ? undefined : { version, slug };
}

/** A version for a moment: `20260131120000`. */
export function versionOf(moment: Date): string {
  return moment.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
}

/**
 * The version of a new migration: now, or a second after the last one where the clock says that it is not later than
 * that, so that a clock which jumps can't put a migration in front of one that exists.
 */
export function nextVersion(now: Date, last: string | undefined): string {
  const version = versionOf(now);
  if (last === undefined || version > last) return version;
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)$/.exec(last) ?? [];
  const moment = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return versionOf(new Date(moment + 1000));
}

/** A text as the words of a file's name: `Audit trail!` → `audit-trail`; empty if nothing of it can stand there. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
}
