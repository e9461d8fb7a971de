/** What a cluster shows of the points that take more than a look at one setting. */

import { EVERY_OUTCOME } from '../../access/techniques.ts';
import { formatNamespace, parseNamespace } from '../../model/names.ts';
import type { IntentCollection } from '../../policy/intent.ts';
import { findCollection } from '../../state/lookup.ts';
import { breakers, type Context, capital, findingsOn, type Judged, ofTrails } from './point.ts';

export function widelyHeld(context: Context, { access }: IntentCollection, ns: string): readonly string[] | undefined {
  const { matrix, actual } = context;
  if (actual.roles === undefined || actual.users === undefined) return undefined;
  const names = [...access.values()].flat().map(({ user, db }) => `${user}@${db}`);
  if (names.length === 0) return [`The policy names nobody under access of ${ns}.`];
  const at = matrix.places.indexOf(ns);
  return matrix.accounts
    .filter(({ account }) => names.includes(account))
    .flatMap(({ account, cells }) => {
      const more = (cells[at] ?? []).filter(
        ({ outcome, decision }) => outcome !== 'insert' && outcome !== 'read' && decision !== 'release',
      );
      return more.length === 0 ? [] : [`${account} can ${more.map(({ outcome }) => outcome).join(' and ')} ${ns} too.`];
    });
}

export function defaultUsers(context: Context): Judged {
  const { intent, report } = context;
  const strangers = report.findings
    .filter(({ kind, severity }) => kind === 'stranger' && severity === 'error')
    .map(({ target }) => `No policy declares ${target}.`);
  const exempt =
    report.breakGlass === 0
      ? []
      : [
          `Exempt with a reason and an end: ${intent.breakGlass.map(({ user, until }) => `${user.user}@${user.db} until ${until}`).join(', ')}.`,
        ];
  const judged = ofTrails(
    context,
    (_trail, ns) => {
      const able = breakers(context, ns, EVERY_OUTCOME);
      return able === undefined ? undefined : [...able, ...strangers];
    },
    (ns) => `No account breaks what the policy says of ${ns}.`,
  );
  return judged.status === 'verified' ? { ...judged, evidence: [...judged.evidence, ...exempt] } : judged;
}

export function sealedFields(context: Context): Judged {
  return ofTrails(
    context,
    ({ encryption, ns }, name) => {
      if (encryption === undefined) return [`The policy seals no field of ${name}.`];
      if (context.actual.databases === undefined) return undefined;
      const missing = findCollection(context.actual, ns) === undefined ? [`${name} does not exist yet.`] : [];
      const changed = findingsOn(context, ['drift/changed', 'drift/missing'], name);
      const stored = context.report.findings.filter(
        ({ rule, target }) => rule.startsWith('encryption/scan-') && target === name,
      );
      return [...missing, ...changed, ...stored.map(({ message }) => `${capital(message)}.`)];
    },
    (ns) => `The validator of ${ns} refuses plaintext in the fields that the policy seals.`,
  );
}

export function masterKey(context: Context): Judged {
  const { intent, actual } = context;
  return ofTrails(
    context,
    ({ encryption }, name) => {
      if (encryption === undefined) return [`The policy seals no field of ${name}.`];
      const { kms, keyVault } = encryption;
      if (kms === undefined) return [`The policy does not say which master key seals the keys of ${name}.`];
      if (kms.provider.startsWith('local')) return [`The master key of ${name} is local: a file, and no service.`];
      if (parseNamespace(keyVault) === undefined || actual.keyVaults?.some(({ ns }) => ns === keyVault) !== true)
        return undefined;
      return findingsOn(context, ['encryption/master-key'], keyVault);
    },
    (ns) => {
      const provider = intent.collections.find((each) => formatNamespace(each.ns) === ns)?.encryption?.kms?.provider;
      return `The keys of ${ns} are sealed by a master key at ${String(provider)}.`;
    },
  );
}

export function kept(context: Context, { retention, ns }: IntentCollection): readonly string[] | undefined {
  const name = formatNamespace(ns);
  if (retention === undefined) return [`The policy says nothing about the retention of ${name}.`];
  if (retention.seconds !== undefined) return [`The policy lets documents of ${name} go after a time.`];
  if (context.actual.databases === undefined) return undefined;
  const found = findCollection(context.actual, ns);
  if (found === undefined) return [`${name} does not exist yet.`];
  if (found.indexes === undefined) return undefined;
  const expiring = found.indexes.filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
  return [
    ...expiring.map(
      ({ name: index, expireAfterSeconds }) =>
        `The index ${index} of ${name} removes documents after ${String(expireAfterSeconds)} s.`,
    ),
    ...(found.options.capped === true ? [`${name} is capped: the server removes its oldest documents.`] : []),
  ];
}
