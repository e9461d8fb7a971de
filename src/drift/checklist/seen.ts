/** What a cluster shows of the points that take more than a look at one setting. */

import { EVERY_OUTCOME } from '../../access/techniques.ts';
import { findKeys, findKeyVault, keyText, wantedKeys } from '../../encryption/key-names.ts';
import { formatNamespace, formatUser } from '../../model/names.ts';
import { type Removal, removalsFrom } from '../../plan/retention.ts';
import { exemptionsOn } from '../../policy/exemptions.ts';
import type { IntentCollection } from '../../policy/intent.ts';
import {
  accountsUnseen,
  breakers,
  type Context,
  capital,
  findingsOn,
  type Judged,
  type Look,
  ofTrails,
  outcomesText,
  storedTrail,
} from './point.ts';

export function widelyHeld({ matrix }: Context, { access }: IntentCollection, ns: string): Look {
  const names = [...access.values()].flat().map(formatUser);
  if (names.length === 0) return { wrong: [`The policy names nobody under access of ${ns}.`] };
  const at = matrix.places.indexOf(ns);
  const wrong = matrix.accounts
    .filter(({ account }) => names.includes(account))
    .flatMap(({ account, cells }) => {
      const more = (cells[at] ?? []).filter(
        ({ outcome, decision }) => outcome !== 'insert' && outcome !== 'read' && decision !== 'release',
      );
      return more.length === 0 ? [] : [`${account} can ${outcomesText(more)} ${ns} too.`];
    });
  return { wrong, unseen: accountsUnseen(matrix) };
}

export function defaultUsers(context: Context): Judged {
  const { intent, report, today } = context;
  const strangers = report.findings
    .filter(({ kind, severity }) => kind === 'stranger' && severity === 'error')
    .map(({ target }) => `No policy declares ${target}.`);
  const { isExempt } = exemptionsOn(intent, today);
  const exempt = intent.breakGlass
    .filter(({ user }) => isExempt(user))
    .map(({ user, until, reason }) => `${formatUser(user)} is exempt until ${until}: ${reason}.`);
  const judged = ofTrails(
    context,
    (_trail, ns) => {
      const { wrong = [], ...look } = breakers(context, ns, EVERY_OUTCOME);
      return { ...look, wrong: [...wrong, ...strangers] };
    },
    (ns) => `No account breaks what the policy says of ${ns}.`,
  );
  return judged.status === 'verified' ? { ...judged, evidence: [...judged.evidence, ...exempt] } : judged;
}

/**
 * No server keeps when an account has logged in last: `usersInfo` has no such field, `$listSessions` and the log in memory
 * (`getLog`, 1,024 lines) go back minutes, and an audit log is a file that no command reads.
 */
export function lastResort({ intent, today, actual }: Context): Judged {
  const { isExempt } = exemptionsOn(intent, today);
  const accounts = [
    ...new Set(intent.breakGlass.filter(({ user }) => isExempt(user)).map(({ user }) => formatUser(user))),
  ];
  if (accounts.length === 0) return { status: 'verified', evidence: ['The policy exempts nobody today.'] };
  const where =
    actual.settings?.auditing === true
      ? 'The audit log of the server has it, which no command reads: look there for logins.'
      : 'Keep an audit log, and look there for logins.';
  return {
    status: 'unknown',
    evidence: [`MongoDB does not keep when ${accounts.join(', ')} logged in last, or whether ever. ${where}`],
  };
}

/** A validator refuses plaintext from now on. That none is stored takes a scan. */
export function sealedFields(context: Context): Judged {
  return ofTrails(
    context,
    (trail, name): Look => {
      if (trail.encryption === undefined) return { wrong: [`The policy seals no field of ${name}.`] };
      const found = storedTrail(context, trail);
      if (!('type' in found)) return found;
      const stored = context.report.findings.filter(
        ({ rule, target }) => rule.startsWith('encryption/scan-') && target === name,
      );
      const wrong = [
        ...findingsOn(context, ['drift/changed', 'drift/missing', 'drift/obstacle'], name),
        ...stored.map(({ message }) => `${capital(message)}.`),
      ];
      return { wrong, unseen: unscanned(context, name) };
    },
    (ns) =>
      `The validator of ${ns} refuses plaintext in the fields that the policy seals, and ${scannedText(context, ns)} hold none.`,
  );
}

function unscanned({ report: { scan } }: Context, name: string): readonly string[] {
  if (scan === undefined || scan.ns !== name) {
    return [`Nobody looked at what is stored in ${name}: drift report --scan ${name} does.`];
  }
  return scan.documents === 0
    ? [`${name} holds no document yet, so that nothing shows how its fields are stored.`]
    : [];
}

function scannedText({ report: { scan } }: Context, ns: string): string {
  if (scan === undefined || scan.ns !== ns) return 'its documents';
  return scan.mode === 'all' ? `all of its ${scan.documents} documents` : `${scan.documents} documents taken at random`;
}

export function masterKey(context: Context): Judged {
  const { intent, actual } = context;
  return ofTrails(
    context,
    ({ encryption }, name): Look => {
      if (encryption === undefined) return { wrong: [`The policy seals no field of ${name}.`] };
      const { kms, keyVault } = encryption;
      if (kms === undefined) return { wrong: [`The policy does not say which master key seals the keys of ${name}.`] };
      if (kms.provider.startsWith('local')) {
        return { wrong: [`The master key of ${name} is local: a file, and no service.`] };
      }
      const vault = findKeyVault(actual, keyVault);
      if (vault === undefined) return { unseen: [`The key vault ${keyVault} could not be seen.`] };
      const missing = wantedKeys(encryption).filter(({ name: key }) => findKeys(vault, key).length === 0);
      return {
        wrong: findingsOn(context, ['encryption/master-key'], keyVault),
        unseen: missing.map(
          ({ name: key }) =>
            `The key ${keyText(key)} of ${name} does not exist in ${keyVault}, so that nothing shows what seals it.`,
        ),
      };
    },
    (ns) => {
      const provider = intent.collections.find((each) => formatNamespace(each.ns) === ns)?.encryption?.kms?.provider;
      return `The keys of ${ns} are sealed by a master key at ${String(provider)}.`;
    },
  );
}

/** By the very test that a plan is made by. */
export function kept(context: Context, trail: IntentCollection): Look {
  const { retention, ns } = trail;
  const name = formatNamespace(ns);
  if (retention === undefined) return { wrong: [`The policy says nothing about the retention of ${name}.`] };
  if (retention.seconds !== undefined) return { wrong: [`The policy lets documents of ${name} go after a time.`] };
  const found = storedTrail(context, trail);
  if (!('type' in found)) return found;
  if (found.type === 'view') return { wrong: [`${name} is a view: it keeps nothing itself.`] };
  const removals = removalsFrom(trail, found);
  if (removals === undefined) return { unseen: [`The indexes of ${name} could not be seen.`] };
  return { wrong: removals.map((removal) => removalText(name, removal)) };
}

function removalText(name: string, removal: Removal): string {
  switch (removal.by) {
    case 'index':
      return `The index ${removal.index} of ${name} removes documents after ${removal.seconds} s.`;
    case 'option':
      return `The option expireAfterSeconds of ${name} removes documents after ${removal.seconds} s.`;
    case 'capped':
      return `${name} is capped: the server removes its oldest documents.`;
  }
}
