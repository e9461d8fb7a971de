/** Findings that a policy accepts for a time, under `acceptedRisks`. */
import { groupBy } from '../model/keyed.ts';
import { sortedBy } from '../model/order.ts';
import type { IntentAcceptedRisk } from '../policy/intent.ts';
import { daysBetween, NEAR_END_DAYS } from './deadlines.ts';
import type { DriftFinding } from './finding.ts';
import { fingerprintOf } from './finding-fingerprint.ts';
import type { After, DriftRuleName } from './rules.ts';

/** A finding that the policy accepts today. */
export interface AcceptedFinding {
  readonly finding: DriftFinding;
  readonly reason: string;
  /** The last day on which it is accepted, `YYYY-MM-DD`. */
  readonly until: string;
}

export interface Acceptance {
  /** What counts: whatever is not accepted today, and what is to be said of the entries themselves. */
  readonly findings: readonly DriftFinding[];
  readonly accepted: readonly AcceptedFinding[];
}

/** `canTell`: whether an entry that covers nothing covers nothing because nothing is there. `today`: `YYYY-MM-DD`. */
export function acceptRisks(
  found: readonly DriftFinding[],
  entries: readonly IntentAcceptedRisk[],
  today: string,
  canTell: (entry: IntentAcceptedRisk) => boolean,
): Acceptance {
  if (entries.length === 0) return { findings: found, accepted: [] };
  const current = lasting(entries).filter(({ until }) => until >= today);
  const ended = lasting(entries).filter(({ until }) => until < today);
  const accepted = found.flatMap((finding): AcceptedFinding[] => {
    const by = current.findLast((entry) => covers(entry, finding));
    return by === undefined ? [] : [{ finding, reason: by.reason, until: by.until }];
  });
  const taken = new Set(accepted.map(({ finding }) => finding));
  const findings = found.filter((finding) => !taken.has(finding));
  const coversAny = (entry: IntentAcceptedRisk): boolean => found.some((finding) => covers(entry, finding));
  return {
    accepted,
    findings: [
      ...findings,
      ...ended
        .filter((entry) => findings.some((finding) => covers(entry, finding)))
        .map((entry) => said('ended', entry, `ended on ${entry.until}: mend it, or renew the entry with a reason`)),
      ...current
        .filter((entry) => coversAny(entry) && daysBetween(today, entry.until) <= NEAR_END_DAYS)
        .map((entry) =>
          said('near-end', entry, `ends on ${entry.until}: mend it before, or renew the entry with a reason`),
        ),
      ...[...current, ...ended]
        .filter((entry) => !coversAny(entry) && canTell(entry))
        .map((entry) => said('covers-nothing', entry, 'covers nothing: take the entry out')),
    ],
  };
}

/** Of entries about the same the one that ends last: the others are what it renewed. By that day. */
function lasting(entries: readonly IntentAcceptedRisk[]): readonly IntentAcceptedRisk[] {
  const same = groupBy(entries, ({ rule, target, fingerprint = '' }) => JSON.stringify([rule, target, fingerprint]));
  const byEnd = (list: Iterable<IntentAcceptedRisk>): IntentAcceptedRisk[] => sortedBy(list, ({ until }) => until);
  return byEnd([...same.values()].flatMap((group) => byEnd(group).slice(-1)));
}

function covers({ rule, target, fingerprint }: IntentAcceptedRisk, finding: DriftFinding): boolean {
  if (rule !== finding.rule || target !== finding.target) return false;
  return fingerprint === undefined || fingerprint === fingerprintOf(finding);
}

function said(
  what: After<'accepted-risk', DriftRuleName>,
  { rule, target, origin }: IntentAcceptedRisk,
  sentence: string,
): DriftFinding {
  const message = `the acceptance of ${rule} on ${target} ${sentence}`;
  return { kind: 'accepted-risk', rule: `accepted-risk/${what}`, severity: 'warning', target, message, origin };
}
