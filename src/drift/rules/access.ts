/** Who can do what a policy rules out. */
import type { DriftRule } from './rule.ts';

export const ACCESS_RULES = [
  {
    name: 'protection/append-only',
    severity: 'error',
    description: 'An account can change or remove what is stored in an append-only collection',
    danger:
      'Whoever holds the account can rewrite the trail. A warning tells of a weakness of the release, or of a role that a group could be given.',
    remedy:
      'Revoke the grant that the path names, or exempt the account under `breakGlass` with a reason and a last day.',
  },
  {
    name: 'protection/read-only',
    severity: 'error',
    description: 'An account can write to a read-only collection',
    danger: 'Whoever holds the account can add to the collection, change or remove what it holds.',
    remedy:
      'Revoke the grant that the path names, or exempt the account under `breakGlass` with a reason and a last day.',
  },
  {
    name: 'protection/access',
    severity: 'error',
    description: 'An account can do what a collection keeps for others under `access`',
    danger: 'Records are forged by others than the writer, or read by others than the reader.',
    remedy: 'Revoke the grant that the path names, or name the account under `access` or `breakGlass`.',
  },
  {
    name: 'protection/dedicated-database',
    severity: 'error',
    description: 'A dedicated database holds something else',
    danger: 'Roles on the whole database reach the protected collection too.',
    remedy: 'Move the other collections, or take `dedicatedDatabase` out.',
  },
  {
    name: 'restriction/reach',
    severity: 'error',
    description: 'An account can do what a restriction denies it',
    danger: 'The default users reach the trail through a built-in role, a wildcard or a step of escalation.',
    remedy:
      '`migrate plan` proposes the nearest grants where the restriction says `remedy: rewrite`. Else revoke the grant, or name the account under `except`.',
  },
  {
    name: 'restriction/uncovered',
    severity: 'error',
    description: 'A database or collection has appeared since, and a role that stands for a wider one does not name it',
    danger: 'Holders of the role could use it before, and are refused now.',
    remedy: '`migrate apply` covers it.',
  },
  {
    name: 'restriction/own-records',
    severity: 'warning',
    description: 'Accounts can write what Mongoward keeps about its work in the cluster',
    danger: 'They can stop a migration, or mislead the next plan about which roles stand for which.',
    remedy: 'Restrict them from `mongoward.*` too, and read plans before applying them.',
  },
] as const satisfies readonly DriftRule[];
