/** What of a policy its expectations exercise: the grants that something uses, the protections that somebody tries to break. */
import { formatNamespace, formatRole, formatUser, type UserRef } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import { covers, formatResource, type Resource, resourceKey, type Target } from '../model/resource.ts';
import type { Intent, IntentCollection, IntentGrant, IntentRestriction, Origin } from '../policy/intent.ts';
import { RULED_OUT } from '../policy/presets.ts';
import type { Position } from '../policy/problem.ts';
import { sealedPaths, valueAtPath } from './documents.ts';
import type { UsedGrant } from './model.ts';
import type { TrialResult } from './trial-result.ts';

export interface CoverageItem {
  readonly kind: 'grant' | 'protection';
  /** `auditWriter@audit: insert on audit.logs`, `audit.logs: nobody may alter` */
  readonly what: string;
  readonly covered: boolean;
  readonly at: Position;
}

export interface Coverage {
  readonly policy: string;
  readonly items: readonly CoverageItem[];
}

/** 0 to 100, rounded down: 100 is all of it. What has nothing to exercise is exercised. */
export function percentOf(items: readonly CoverageItem[]): number {
  const covered = items.filter((item) => item.covered).length;
  return items.length === 0 ? 100 : Math.floor((100 * covered) / items.length);
}

interface Draft extends Omit<CoverageItem, 'covered' | 'at'> {
  readonly origin: Origin;
  readonly covers: (result: TrialResult) => boolean;
}

/** Of one policy, by all the trials about it that came out as expected. */
export function coverageOf(intent: Intent, results: readonly TrialResult[]): Coverage {
  const met = results.filter(({ findings }) => findings.every(({ severity }) => severity !== 'error'));
  const working = met.filter(({ trial }) => trial.wanted);
  const used = new Set(working.flatMap(({ model }) => model.uses.flatMap(usedKeys)));
  const grants = grantItems(intent).map(({ key, privilege, ...item }) => ({
    ...item,
    covered: used.has(key) || (privilege !== undefined && working.some((result) => isUsedToo(result, privilege))),
  }));
  const tried = met.filter(({ trial }) => !trial.wanted);
  const protections = protectionDrafts(intent).map(({ covers, origin, ...item }) => ({
    ...item,
    covered: tried.some(covers),
    at: origin(),
  }));
  return { policy: intent.policy, items: [...grants, ...protections] };
}

/** Each step of the path is a role that was granted; the last role grants the action. */
function usedKeys({ path, action, resource }: UsedGrant): readonly string[] {
  const steps = path.slice(1).map((role, index) => roleKeyOf(path[index] ?? '', role));
  const last = path.at(-1);
  return last === undefined ? steps : [...steps, actionKeyOf(last, action, resource)];
}

function roleKeyOf(holder: string, role: string): string {
  return `${holder}\0${role}`;
}

function actionKeyOf(role: string, action: string, resource: Resource): string {
  return `${role}\0${action}\0${resourceKey(resource)}`;
}

type GrantItem = Omit<CoverageItem, 'covered'> & { readonly key: string; readonly privilege?: GrantedAction };

interface GrantedAction {
  readonly role: string;
  readonly action: string;
  readonly resource: Resource;
}

/** Where a role grants the same twice, by a wildcard and by name, what uses the one uses the other. */
function isUsedToo({ trial, model }: TrialResult, { role, action, resource }: GrantedAction): boolean {
  if (trial.kind !== 'outcome' && trial.kind !== 'action') return false;
  return model.uses.some((use) => use.path.at(-1) === role && use.action === action) && covers(resource, trial.on);
}

function grantItems({ roles, users }: Intent): readonly GrantItem[] {
  const holders = [
    ...roles.map(({ role, grants }) => ({ holder: formatRole(role), grants })),
    ...users.map(({ user, grants }) => ({ holder: formatUser(user), grants })),
  ];
  const items = holders.flatMap(({ holder, grants }) => grants.flatMap((grant) => itemsOf(holder, grant)));
  return [...new Map(items.map((item) => [item.key, item])).values()];
}

function itemsOf(holder: string, grant: IntentGrant): readonly GrantItem[] {
  const at = grant.origin();
  if (grant.kind === 'role') {
    const role = formatRole(grant.role);
    return [{ kind: 'grant', what: `${holder}: ${role}`, at, key: roleKeyOf(holder, role) }];
  }
  const { resource, actions } = grant.privilege;
  return actions.map((action) => ({
    kind: 'grant',
    what: `${holder}: ${action} on ${formatResource(resource)}`,
    at,
    key: actionKeyOf(holder, action, resource),
    privilege: { role: holder, action, resource },
  }));
}

function protectionDrafts({ collections, restrictions }: Intent): readonly Draft[] {
  return [...collections.flatMap(ofCollection), ...restrictions.flatMap(ofRestriction)];
}

function ofCollection({ ns, protection, access, validation, encryption, origin }: IntentCollection): readonly Draft[] {
  const name = formatNamespace(ns);
  const at = { db: ns.db, collection: ns.collection };
  const draft = (what: string, from: Origin, covers: Draft['covers']): Draft => ({
    kind: 'protection',
    what: `${name}: ${what}`,
    origin: from,
    covers,
  });
  const refused = (result: TrialResult): boolean =>
    result.trial.kind === 'document' && formatNamespace(result.trial.into) === name;
  return [
    ...RULED_OUT[protection].map((outcome) =>
      draft(
        `nobody may ${outcome}`,
        () => origin('protection'),
        (result) => triesAt(result, outcome, at),
      ),
    ),
    ...[...access].map(([outcome, users]) => {
      const allowed = new Set(users.map(formatUser));
      const isOther = ({ trial }: TrialResult): boolean => !allowed.has(formatUser(trial.user));
      return draft(
        `nobody else may ${outcome}`,
        () => origin('access', outcome),
        (result) => isOther(result) && triesAt(result, outcome, at),
      );
    }),
    ...(validation === undefined ? [] : [draft('the validator refuses documents', () => origin(), refused)]),
    ...sealedPaths(encryption).map((path) =>
      draft(
        `${path} may not be in the clear`,
        () => origin('encryption', 'fields', path),
        (result) =>
          refused(result) && result.trial.kind === 'document' && valueAtPath(result.trial.document, path) !== undefined,
      ),
    ),
  ];
}

function ofRestriction({ on, deny, except, origin }: IntentRestriction): readonly Draft[] {
  const excepted = new Set(except.map((user: UserRef) => formatUser(user)));
  return on.flatMap((place) => {
    const [db = '', ...rest] = place.split('.');
    const collection = rest.join('.');
    const at = collection === '*' ? { db } : { db, collection };
    return deny.map(
      (outcome): Draft => ({
        kind: 'protection',
        what: `the restriction on ${place}: ${outcome}`,
        origin,
        covers: (result) => !excepted.has(formatUser(result.trial.user)) && triesAt(result, outcome, at),
      }),
    );
  });
}

/** What bringing an outcome about asks for in the plain way, so that a command which is refused for want of it tries that. */
const PLAIN: Readonly<Record<Outcome, readonly string[]>> = {
  read: ['find'],
  insert: ['insert'],
  alter: ['update', 'remove'],
  destroy: ['dropCollection', 'dropDatabase', 'convertToCapped', 'createIndex', 'renameCollectionSameDB'],
  unseal: ['collMod', 'bypassDocumentValidation'],
  suppress: ['collMod', 'createIndex', 'killop'],
  administer: ['createUser', 'createRole', 'grantRole', 'revokeRole', 'changePassword', 'dropUser', 'dropRole'],
};

interface At {
  readonly db: string;
  /** Absent: any collection of the database. */
  readonly collection?: string;
}

function triesAt({ trial, model }: TrialResult, outcome: Outcome, at: At): boolean {
  switch (trial.kind) {
    case 'outcome':
      return trial.word === outcome && isAt(trial.on, at);
    case 'action':
      return PLAIN[outcome].includes(trial.word) && isAt(trial.on, at);
    case 'run':
      return PLAIN[outcome].some((action) => model.refusals.some((text) => lacksAt(text, action, at)));
    case 'document':
      return false;
  }
}

function isAt(on: Target, at: At): boolean {
  if (on.kind === 'cluster') return true;
  if (on.db !== at.db) return false;
  return on.kind === 'database' || at.collection === undefined || on.collection === at.collection;
}

/** As the model tells what is lacking: `lacks remove on audit.logs`, `lacks grantRole on database audit`. */
function lacksAt(text: string, action: string, { db, collection }: At): boolean {
  const begin = `lacks ${action} on `;
  if (!text.startsWith(begin)) return false;
  const place = text.slice(begin.length);
  if (place === `database ${db}`) return true;
  return collection === undefined ? place.startsWith(`${db}.`) : place === `${db}.${collection}`;
}
