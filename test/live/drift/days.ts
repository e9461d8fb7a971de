/** What is demanded of the server's release, and days that come or are over. */
import type { Case } from './case.ts';

const DUE = 'reviewEvery: 30d';
const until = (day: string): string => `  - { user: gone@admin, reason: r, until: ${day} }`;
const risk = (day: string, rule = 'cluster/version', target = 'cluster'): string =>
  `acceptedRisks: [{ rule: ${rule}, target: ${target}, reason: r, until: ${day} }]\n`;
const TOO_NEW = 'cluster: { version: ">=99.0" }\n';

export const DAY_CASES: readonly Case[] = [
  {
    rule: 'cluster/version',
    target: 'cluster',
    policy: { more: TOO_NEW },
    mended: {},
  },
  {
    rule: 'break-glass/near-end',
    severity: 'warning',
    target: 'gone@admin',
    policy: { more: until('2026-12-01') },
    mended: { more: until('2027-06-30') },
  },
  {
    rule: 'break-glass/expired',
    target: 'gone@admin',
    policy: { more: until('2026-11-22') },
    mended: { more: until('2027-06-30') },
  },
  {
    rule: 'attestations/overdue',
    severity: 'warning',
    target: 'kafka-retention',
    policy: {
      more: `attestations: [{ control: kafka-retention, value: 3d, owner: o, reviewedOn: 2026-01-01, ${DUE} }]\n`,
    },
    mended: {
      more: `attestations: [{ control: kafka-retention, value: 3d, owner: o, reviewedOn: 2026-11-01, ${DUE} }]\n`,
    },
  },
  {
    rule: 'accepted-risk/near-end',
    severity: 'warning',
    target: 'cluster',
    policy: { more: `${TOO_NEW}${risk('2026-12-01')}` },
    mended: { more: `${TOO_NEW}${risk('2027-06-30')}` },
  },
  {
    rule: 'accepted-risk/ended',
    severity: 'warning',
    target: 'cluster',
    policy: { more: `${TOO_NEW}${risk('2026-11-22')}` },
    mended: {},
  },
  {
    rule: 'accepted-risk/covers-nothing',
    severity: 'warning',
    target: 'cluster',
    policy: { more: risk('2027-06-30') },
    mended: {},
  },
];
