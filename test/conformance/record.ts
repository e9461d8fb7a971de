/** What a server answered, as it is kept under test/truth/. */
import type { RoleRef, UserRef } from '../../src/model/names.ts';
import type { Role } from '../../src/model/role.ts';

export interface Recorded {
  server: { readonly version: string; readonly topology: string };
  readonly seed: number;
  readonly accounts: {
    readonly user: UserRef;
    readonly granted: readonly RoleRef[];
    readonly roles: readonly Role[];
  }[];
  readonly decisions: RecordedDecision[];
}

export interface RecordedDecision {
  /** Its place among the accounts. */
  readonly account: number;
  readonly db: string;
  readonly command: Readonly<Record<string, unknown>>;
  readonly allowed: boolean;
}

/** JSON with a line for each account and decision, so that a change of one is a change of a line. */
export function recordText({ server, seed, accounts, decisions }: Recorded): string {
  const lines = (list: readonly unknown[]): string => list.map((item) => `\n${JSON.stringify(item)}`).join(',');
  return `{"server":${JSON.stringify(server)},"seed":${seed},\n"accounts":[${lines(accounts)}],\n"decisions":[${lines(decisions)}]}\n`;
}
