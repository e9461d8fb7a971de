/** Who can write what Mongoward keeps about its own work in the cluster. */
import { assess } from '../access/analysis.ts';
import { circumstancesOf } from '../access/circumstances.ts';
import { techniquesOn } from '../access/techniques.ts';
import { formatUser, userKey } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import { databaseTarget } from '../model/resource.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Intent } from '../policy/intent.ts';
import { type ClusterState, OWN_DATABASE } from '../state/state.ts';
import type { DriftFinding } from './finding.ts';

const WRITING: readonly Outcome[] = ['insert', 'alter', 'destroy'];
const MOST_NAMED = 5;

/**
 * One finding for all of them, and only where accounts hold managed roles: the record says for which roles these stand.
 * Who administers users needs no record to get whatever it wants.
 */
export function ownRecordFindings(intent: Intent, actual: ClusterState, today: string): DriftFinding[] {
  const { roles, users, objects = [], server } = actual;
  const managed = objects.some(({ policy, replaces }) => policy === intent.policy && replaces !== undefined);
  if (roles === undefined || users === undefined || !managed) return [];
  const { isExempt } = exemptionsOn(intent, today);
  const subject = databaseTarget(OWN_DATABASE);
  const techniques = techniquesOn(subject, circumstancesOf(actual, subject));
  const assessment = assess({ roles, users }, server.version, techniques);
  const mighty = assessment
    .who(techniques.filter(({ kind }) => kind === 'escalation'))
    .map(({ user }) => userKey(user));
  const administers = new Set(mighty);
  const able = assessment
    .who(
      techniques.filter(({ kind, outcomes }) => kind === 'direct' && WRITING.some((each) => outcomes.includes(each))),
    )
    .filter(({ user }) => !isExempt(user) && !administers.has(userKey(user)))
    .map(({ user }) => formatUser(user));
  if (able.length === 0) return [];
  const more = able.length > MOST_NAMED ? ` and ${able.length - MOST_NAMED} more` : '';
  const message = `${able.slice(0, MOST_NAMED).join(', ')}${more} can write ${OWN_DATABASE}.*, where Mongoward keeps which roles stand for which, its journal and its lock: whoever does can stop it, or mislead the next plan. Restrict them from ${OWN_DATABASE}.* too, and read plans before applying them`;
  return [
    {
      kind: 'restriction',
      rule: 'restriction/own-records',
      severity: 'warning',
      target: OWN_DATABASE,
      message,
      identity: able,
    },
  ];
}
