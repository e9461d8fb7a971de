/** Days that come, and days that are over. */
import type { DriftRule } from './rule.ts';

export const DEADLINE_RULES = [
  {
    name: 'break-glass/near-end',
    severity: 'warning',
    description: 'The exemption of an account ends within two weeks',
    danger: 'After that day what the account holds breaks the protections.',
    remedy:
      'Renew the entry under `breakGlass` with a reason that holds, or take the rights of the account away before.',
  },
  {
    name: 'break-glass/expired',
    severity: 'error',
    description: 'The exemption of an account has ended',
    danger: 'The account is an account like any other again, and its owner believes that it is exempt.',
    remedy: 'Renew the entry under `breakGlass` with a reason that holds, or take the rights of the account away.',
  },
  {
    name: 'attestations/overdue',
    severity: 'warning',
    description: 'The review of what people declare is overdue',
    danger: 'What was true at the last review may have been changed since.',
    remedy: 'Look again, and set `reviewedOn` to that day.',
  },
  {
    name: 'accepted-risk/near-end',
    severity: 'warning',
    description: 'The acceptance of a finding ends within two weeks',
    danger: 'After that day the finding counts again.',
    remedy: 'Mend what was found, or renew the entry under `acceptedRisks` with a reason that holds.',
  },
  {
    name: 'accepted-risk/ended',
    severity: 'warning',
    description: 'The acceptance of a finding has ended',
    danger: 'The finding counts again. Whoever accepted it has not mended it by then.',
    remedy: 'Mend what was found, or renew the entry under `acceptedRisks` with a reason that holds.',
  },
  {
    name: 'accepted-risk/covers-nothing',
    severity: 'warning',
    description: 'An entry under `acceptedRisks` covers no finding',
    danger: 'What it names could come back, and nobody would be told.',
    remedy: 'Take the entry out.',
  },
] as const satisfies readonly DriftRule[];
