/** Weaknesses of releases: what a server lets through that no grant says, with the versions that mend it. */
import { compareVersions, releaseLine } from '../model/version.ts';

export interface Vulnerability {
  readonly id: string;
  readonly source: string;
  /** What could happen, after "by which". */
  readonly harm: string;
  /** The first patch that is mended, by release line; a line that is not named and newer than all of them is mended. */
  readonly mended: Readonly<Record<string, string>>;
  readonly remedy: string;
}

export const VULNERABILITIES = {
  applyOpsUnchecked: {
    id: 'SERVER-36263',
    harm: 'whoever may insert can replace documents by applyOps',
    source: 'tried on a 4.4 server; that 5.0 demands the action is read in its source, that 4.4.9 does in the manual',
    mended: { '4.4': '4.4.9', '5.0': '5.0.0' },
    remedy: 'run MongoDB 5.0 or newer, or let clients reach the data through mongos only',
  },
  applyOpsByUuid: {
    id: 'CVE-2026-18696',
    harm: 'applyOps checks the name of one collection and acts on another one',
    source: 'tried on a 4.4 server; the mended versions are those of the advisory (SERVER-130139)',
    mended: { '7.0': '7.0.40', '8.0': '8.0.29', '8.3': '8.3.8' },
    remedy: 'run MongoDB 7.0.40, 8.0.29, 8.3.8 or newer',
  },
  accountMechanisms: {
    id: 'CVE-2026-6915',
    harm: 'whoever can log in can take a mechanism away from any other account by updateUser',
    source:
      'tried on a 4.4 server: nothing is demanded; that this is the CVE (SERVER-119679) is inferred, what mended servers demand unknown',
    mended: { '7.0': '7.0.32', '8.0': '8.0.21', '8.2': '8.2.7' },
    remedy: 'run MongoDB 7.0.32, 8.0.21, 8.2.7 or newer',
  },
  profileFilter: {
    id: 'CVE-2026-25609',
    harm: 'whoever can read system.profile can set the filter of the profiler',
    source:
      'read in the source of 4.4, which looks at slowms and sampleRate only; the mended versions are the advisory’s',
    mended: { '7.0': '7.0.29', '8.0': '8.0.18', '8.2': '8.2.4' },
    remedy: 'run MongoDB 7.0.29, 8.0.18, 8.2.4 or newer',
  },
  machineId: {
    id: 'CVE-2021-32036',
    harm: 'anybody can have the machine part of generated identifiers made anew',
    source:
      'nothing is demanded in the source of 4.4; that oidReset is the mend is inferred from what that action is for',
    mended: { '4.2': '4.2.18', '4.4': '4.4.10', '5.0': '5.0.4' },
    remedy: 'run MongoDB 4.2.18, 4.4.10, 5.0.4 or newer',
  },
} as const satisfies Record<string, Vulnerability>;

/** Whether a server of that version is mended. A release line for which no patch is known is not. */
export function mendedIn({ mended }: Vulnerability, version: string): boolean {
  const patch = mended[releaseLine(version)];
  if (patch !== undefined) return compareVersions(version, patch) >= 0;
  return Object.keys(mended).every((line) => compareVersions(version, line) > 0);
}
