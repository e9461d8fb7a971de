/** Weaknesses of releases: what a server lets through that no grant says, with the versions that mend it. */
import { compareVersions, releaseLine } from './version.ts';

export interface Weakness {
  readonly id: string;
  readonly source: string;
  /** The first patch that is mended, by release line; a line that is not named and newer than all of them is mended. */
  readonly mended: Readonly<Record<string, string>>;
  readonly remedy: string;
}

export const WEAKNESSES = {
  applyOpsUnchecked: {
    id: 'SERVER-36263',
    source: 'tried on a 4.4 server; that 5.0 demands the action is read in its source, that 4.4.9 does in the manual',
    mended: { '4.4': '4.4.9', '5.0': '5.0.0' },
    remedy: 'run MongoDB 5.0 or newer, or let clients reach the data through mongos only',
  },
  applyOpsByUuid: {
    id: 'CVE-2026-18696',
    source: 'tried on a 4.4 server; the mended versions are those of the advisory (SERVER-130139)',
    mended: { '7.0': '7.0.40', '8.0': '8.0.29', '8.3': '8.3.8' },
    remedy: 'run MongoDB 7.0.40, 8.0.29, 8.3.8 or newer',
  },
  accountMechanisms: {
    id: 'CVE-2026-6915',
    source: 'tried on a 4.4 server; the mended versions are those of the advisory (SERVER-119679)',
    mended: { '7.0': '7.0.32', '8.0': '8.0.21', '8.2': '8.2.7' },
    remedy: 'run MongoDB 7.0.32, 8.0.21, 8.2.7 or newer',
  },
} as const satisfies Record<string, Weakness>;

/** Whether a server of that version is mended. A release line for which no patch is known is not. */
export function mendedIn({ mended }: Weakness, version: string): boolean {
  const patch = mended[releaseLine(version)];
  if (patch !== undefined) return compareVersions(version, patch) >= 0;
  return Object.keys(mended).every((line) => compareVersions(version, line) > 0);
}
