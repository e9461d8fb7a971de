/** What becomes of a cluster, in the shapes of schema/output/: plans, what applying came to, drift. */

import { type Violation, violationText } from '../access/violations.ts';
import type { AcceptedFinding } from '../drift/accepted-risks.ts';
import type { DriftFinding } from '../drift/finding.ts';
import { fingerprintOf } from '../drift/finding-fingerprint.ts';
import type { DriftReport } from '../drift/report.ts';
import type { ScanResult } from '../drift/scan-findings.ts';
import type { DriftReport as DriftJson } from '../generated/output-drift-report.ts';
import type { ApplyReport as ApplyJson } from '../generated/output-migrate-apply.ts';
import type { PlanReport as PlanJson } from '../generated/output-migrate-plan.ts';
import type { StatusReport as StatusJson } from '../generated/output-migrate-status.ts';
import type { UnlockReport as UnlockJson } from '../generated/output-migrate-unlock.ts';
import type { LockState } from '../migrate/cluster.ts';
import { headOfFile } from '../migrate/directory.ts';
import type { JournalEntry } from '../migrate/journal.ts';
import { formatRole, formatUser } from '../model/names.ts';
import { compareText, sortedSet } from '../model/order.ts';
import { type AccountChange, opensLogins } from '../plan/account-changes.ts';
import type { LoginGate } from '../plan/login-gates.ts';
import type { Operation } from '../plan/operations/operation.ts';
import type { Plan } from '../plan/plan.ts';
import { type Reach, type Rewrite, reachOf } from '../plan/restrictions/access-change.ts';
import type { Undecided } from '../plan/restrictions/describe-undecided.ts';
import type { AccessAt } from '../plan/role-set-changes.ts';
import type { PlanWarning } from '../plan/warnings.ts';
import type { Position } from '../policy/problem.ts';
import { withoutSecrets } from '../policy/secrets.ts';
import { toExtendedJson } from '../state/extended-json.ts';
import { accessChangeJson } from './access-json.ts';
import type { Evidence } from './evidence.ts';
import { countSeverities } from './findings-text.ts';
import { type PlanTextOptions, planCounts } from './plan-text.ts';
import { type FileEffects, type StatusReport, statusCounts } from './status-text.ts';
import { unifiedDiff } from './textdiff.ts';

export function driftJson(report: DriftReport, evidence: Evidence): DriftJson {
  return {
    evidence,
    findings: report.findings.map(driftFindingJson),
    ...(report.accepted.length > 0 && { accepted: report.accepted.map(acceptedJson) }),
    unreadable: report.unreadable.map(({ what, why }) => ({ what, why })),
    declared: report.declared.map(({ origin: _origin, ...entry }) => entry),
    ...(report.scan && { scan: scanJson(report.scan) }),
    summary: { policy: report.policy, ...countSeverities(report.findings), breakGlass: report.breakGlass },
  };
}

function driftFindingJson(finding: DriftFinding): DriftJson['findings'][number] {
  const { kind, rule, severity, target, message, path, states, origin } = finding;
  return {
    kind,
    rule,
    severity,
    target,
    message,
    fingerprint: fingerprintOf(finding),
    ...(path && { path: [...path] }),
    ...(states && { diff: unifiedDiff(target, states.before, states.after) }),
    ...lineOf(origin?.()),
  };
}

function acceptedJson({ finding, reason, until }: AcceptedFinding): NonNullable<DriftJson['accepted']>[number] {
  const { rule, severity, target, message } = finding;
  return { rule, severity, target, message, fingerprint: fingerprintOf(finding), reason, until };
}

function scanJson({ ns, mode, documents, refused, fields }: ScanResult): NonNullable<DriftJson['scan']> {
  return {
    namespace: ns,
    mode,
    documents,
    refused,
    fields: fields.map(({ path, values, sealed, defects }) => ({ path, values, sealed, defects: { ...defects } })),
  };
}

export function planJson(
  plan: Plan,
  evidence: Evidence,
  { pending = [], violations = [], open = [] }: Pick<PlanTextOptions, 'pending' | 'violations' | 'open'> = {},
): PlanJson {
  return {
    evidence,
    operations: plan.operations.map((operation) => {
      const { id, kind, target, before, after, reason } = operation;
      const { gained, lost } = plan.effects.get(id) ?? { gained: [], lost: [] };
      return {
        id,
        kind,
        target,
        ...(before && { before: formJson(before) }),
        ...(after && { after: formJson(after) }),
        reason: { text: reason.text, ...lineOf(reason.at) },
        effect: { gained: gained.map(accessChangeJson), lost: lost.map(accessChangeJson) },
      };
    }),
    accounts: plan.accounts.map(accountChangeJson),
    ...(plan.warnings.length > 0 && {
      warnings: plan.warnings.map(warningJson),
    }),
    obstacles: plan.obstacles.map(({ target, message, at }) => ({ target, message, ...lineOf(at) })),
    orphans: plan.orphans.map(({ kind, target }) => `${kind} ${target}`),
    rewrites: plan.rewrites.map(rewriteJson),
    undecided: plan.undecided.map(undecidedJson),
    ...(pending.length === 0 ? {} : { pending: pending.map(({ name }) => name) }),
    ...(violations.length === 0 ? {} : { violations: violations.map(violationJson) }),
    ...(open.length === 0 ? {} : { open: open.map(violationJson) }),
    summary: { policy: plan.policy, ...planCounts(plan) },
  };
}

function accountChangeJson(change: AccountChange): PlanJson['accounts'][number] {
  const { accounts, kind, holds, willHold, gains, loses, logins, why } = change;
  const gates = (list: readonly LoginGate[]) =>
    list.map(({ by, restrictions }) => ({
      ...(by === undefined ? {} : { by }),
      restrictions: restrictions.map((each) => ({ ...each })),
    }));
  return {
    accounts: [...accounts],
    kind,
    holds: holds.map(formatRole),
    willHold: willHold.map(formatRole),
    gains: gains.map(lossJson),
    loses: loses.map(lossJson),
    ...(logins && {
      logins: { before: gates(logins.before), after: gates(logins.after), opens: opensLogins(logins) },
    }),
    why: why.map(({ text, at }) => ({ text, ...lineOf(at) })),
  };
}

function violationJson(violation: Violation): NonNullable<PlanJson['violations']>[number] {
  const { rule, policy, target, path, origin } = violation;
  return { rule, policy, target, message: violationText(violation), path: [...path], ...lineOf(origin()) };
}

export function statusJson(
  { folder, files, unfinished, problems, effects }: StatusReport,
  evidence: Evidence,
): StatusJson {
  const last = (entry: JournalEntry | undefined): { at?: string; by?: string } => {
    const run = entry?.runs.at(-1);
    return run === undefined
      ? {}
      : { at: (run.finishedAt ?? run.startedAt).toISOString(), by: run.by.account ?? run.by.user };
  };
  return {
    evidence,
    folder,
    migrations: files.map(({ file, status, entry }) => ({
      name: file.name,
      version: headOfFile(file).version,
      policy: headOfFile(file).policy,
      status,
      ...last(entry),
      ...effectsJson(effects.get(file.name)),
    })),
    unfinished: unfinished.map((entry) => ({ id: entry.id, ...last(entry) })),
    problems: problems.map(({ kind, name, line, message }) => ({
      kind,
      file: `${folder}/${name}`,
      ...(line === undefined ? {} : { line }),
      message,
    })),
    summary: { ...statusCounts(files, unfinished), problems: problems.length },
  };
}

function effectsJson(effects: FileEffects | undefined) {
  if (effects === undefined) return {};
  const { accounts, warnings } = effects;
  return {
    accounts: accounts.map(accountChangeJson),
    ...(warnings.length > 0 && { warnings: warnings.map(warningJson) }),
  };
}

function warningJson({ kind, target, message, at }: PlanWarning) {
  return { kind, target, message, ...lineOf(at) };
}

/** A form as Extended JSON, without what others have put into an account's custom data as a secret. */
function formJson(form: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(form).map(([key, value]) => {
      const json = toExtendedJson(value);
      return [key, key === 'customData' ? withoutSecrets(json) : json];
    }),
  );
}

/** What a command that changes a cluster came to. */
export interface ApplyOutcome {
  readonly outcome: ApplyJson['outcome'];
  readonly operations: readonly (Operation & { readonly migration?: string })[];
  readonly kept: readonly { readonly target: string; readonly why: string }[];
  readonly open: readonly string[];
  /** Accounts that a person has to decide about: `name@db`. */
  readonly undecided?: readonly string[];
  readonly policy?: string;
  readonly done: number;
  readonly migrations: readonly string[];
  readonly routerCacheSeconds?: number;
}

export function applyJson(result: ApplyOutcome): ApplyJson {
  const { outcome, operations, kept, open, undecided = [], policy, done, migrations, routerCacheSeconds } = result;
  return {
    outcome,
    operations: operations.map(({ migration, id, kind, target }) => ({
      ...(migration === undefined ? {} : { migration }),
      id,
      kind,
      target,
    })),
    kept: kept.map(({ target, why }) => ({ target, why })),
    open: [...open].sort(compareText),
    ...(undecided.length > 0 && { undecided: [...undecided].sort(compareText) }),
    summary: {
      ...(policy === undefined ? {} : { policy }),
      done,
      migrations: [...migrations],
      ...(routerCacheSeconds === undefined ? {} : { routerCacheSeconds }),
    },
  };
}

export function unlockJson(outcome: UnlockJson['outcome'], held: LockState | undefined): UnlockJson {
  if (held === undefined) return { outcome };
  const { holder, since, expires, expired } = held;
  return { outcome, holder: { ...holder, since: since.toISOString(), expires: expires.toISOString(), expired } };
}

const MOST_NAMED = 10;

function rewriteJson({ users, before, after, could, can, loses, gains }: Rewrite): PlanJson['rewrites'][number] {
  return {
    accounts: users.slice(0, MOST_NAMED).map(formatUser),
    accountCount: users.length,
    before: before.map(formatRole),
    after: after.map(formatRole),
    could: could.map(reachJson),
    can: can.map(reachJson),
    loses: loses.map(lossJson),
    gains: gains.map(lossJson),
  };
}

function undecidedJson({ user, open, roles, alternatives, unmanaged }: Undecided): PlanJson['undecided'][number] {
  return {
    account: formatUser(user),
    unmanaged,
    roles: roles.map(formatRole),
    can: reachOf(open).map(reachJson),
    steps: sortedSet(open.map(({ technique }) => technique.does)),
    alternatives: alternatives.map(({ role, loses, privileges }) => ({
      role: formatRole(role),
      loses: loses.map(lossJson),
      privileges: privileges.map(({ resource, actions }) => ({ resource: { ...resource }, actions: [...actions] })),
    })),
  };
}

function reachJson({ on, outcomes }: Reach): { on: string; outcomes: string[] } {
  return { on, outcomes: [...outcomes] };
}

function lossJson({ on, actions }: AccessAt): { on: string; actions: string[] } {
  return { on, actions: [...actions] };
}

function lineOf(position: Position | undefined): { file?: string; line?: number } {
  return position === undefined ? {} : { file: position.file, line: position.line };
}
