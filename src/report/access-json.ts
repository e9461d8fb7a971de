/** Answers about access in the shapes of schema/output/: who can, can this account, what two states differ in. */

import type { Principal } from '../access/analysis.ts';
import type { RunAnswer } from '../access/may-run.ts';
import type { AskedPrincipal, WhoAnswer } from '../access/who.ts';
import type { WhoTable } from '../access/who-table.ts';
import type { CanReport as CanJson, CanPrivilege } from '../generated/output-policy-can.ts';
import type { AccessDiffReport as AccessDiffJson } from '../generated/output-policy-diff.ts';
import type { WhoReport as WhoJson } from '../generated/output-policy-who.ts';
import { formatRole, formatUser } from '../model/names.ts';
import type { Privilege } from '../model/privilege.ts';
import type { AccessDiff } from '../plan/access-diff.ts';
import type { AccessChange } from '../plan/access-moved.ts';
import type { AccessAt } from '../plan/role-set-changes.ts';
import { type Evidence, exemptToday } from './evidence.ts';

export function accessDiffJson(
  { gained, lost, assignable, logins, authorization, passwords, views, keptOut, demands }: AccessDiff,
  evidence: Evidence,
): AccessDiffJson {
  const told = (list: readonly AccessAt[]) => list.map(({ on, actions }) => ({ on, actions: [...actions] }));
  return {
    evidence,
    gained: gained.map(accessChangeJson),
    lost: lost.map(accessChangeJson),
    ...(assignable.length > 0 && {
      assignable: assignable.map(({ role, elsewhere, gains, loses }) => ({
        role,
        ...(elsewhere && { elsewhere }),
        gained: told(gains),
        lost: told(loses),
      })),
    }),
    ...(passwords.length > 0 && { passwords: passwords.map(({ account, change }) => ({ account, change })) }),
    ...(logins.length > 0 && {
      logins: logins.map(({ accounts, assignable: ofRoles, elsewhere, change, opens }) => ({
        accounts: [...accounts],
        ...(ofRoles && { assignable: true }),
        ...(elsewhere && { elsewhere }),
        change,
        opens,
      })),
    }),
    ...(authorization && { authorization: { ...authorization } }),
    ...(keptOut.length > 0 && {
      keptOut: keptOut.map(({ on, outcomes, accounts, opens, reported }) => ({
        on,
        outcomes: [...outcomes],
        accounts: [...accounts],
        opens,
        ...(reported && { reported }),
      })),
    }),
    ...(demands.length > 0 && { demands: demands.map(({ on, change, opens }) => ({ on, change, opens })) }),
    ...(views.length > 0 && {
      views: views.map(({ on, view, accounts, roles, opens }) => ({
        on,
        view,
        accounts: [...accounts],
        ...(roles.length > 0 && { roles: [...roles] }),
        opens,
      })),
    }),
  };
}

export function whoJson(answer: WhoAnswer, evidence: Evidence): WhoJson {
  return {
    evidence,
    principals: answer.principals.map((principal) => principalJson(principal)),
    ...restJson(answer),
  };
}

/** The same principals as asked outcome by outcome, and what that comes to for each account. */
export function whoTableJson(answer: WhoTable, evidence: Evidence): WhoJson {
  const exempt = exemptToday(evidence);
  return {
    evidence,
    accounts: answer.rows.map(({ name, isRole, shard, outcomes }) => {
      const until = isRole || shard !== undefined ? undefined : exempt.get(name);
      return {
        ...(isRole ? { role: name } : { user: name }),
        ...(shard === undefined ? {} : { shard }),
        ...(until === undefined ? {} : { breakGlass: until }),
        outcomes: Object.fromEntries([...outcomes].map(([outcome, { kind }]) => [outcome, kind])),
      };
    }),
    principals: answer.rows.flatMap(({ outcomes }) =>
      [...outcomes].map(([outcome, principal]) => ({ outcome, ...principalJson(principal) })),
    ),
    ...restJson(answer),
  };
}

function principalJson(principal: AskedPrincipal): WhoJson['principals'][number] {
  const { user, role, shard, kind, path, steps, technique, also } = principal;
  return {
    ...(role === undefined ? { user: formatUser(user) } : { role: formatRole(role) }),
    ...(shard === undefined ? {} : { shard }),
    kind,
    way: technique.id,
    path: [...path],
    ...(also.length === 0 ? {} : { also: also.map((grant) => [...grant.path]) }),
    steps: [...steps],
    ...(kind === 'server' && technique.remedy !== undefined ? { remedy: technique.remedy } : {}),
  };
}

function restJson({
  together,
  unenumerable,
  unreadable,
}: Omit<WhoAnswer, 'principals'>): Pick<WhoJson, 'together' | 'unenumerable' | 'unreadable'> {
  return {
    ...(together.length === 0
      ? {}
      : {
          together: together.map(({ definers, readers, view, shard }) => ({
            definers: [...definers],
            readers: [...readers],
            view,
            ...(shard === undefined ? {} : { shard }),
          })),
        }),
    unenumerable: [...unenumerable],
    unreadable: unreadable.map(({ what, why }) => ({ what, why })),
  };
}

export function canJson(techniques: readonly Principal[], evidence: Evidence): CanJson {
  return {
    evidence,
    allowed: techniques.length > 0,
    via: techniques.map(({ kind, path, steps, privilege, also }) => ({
      kind,
      path: [...path],
      steps: [...steps],
      privilege: privilegeJson(privilege),
      ...(also.length === 0
        ? {}
        : { also: also.map((grant) => ({ path: [...grant.path], privilege: privilegeJson(grant.privilege) })) }),
    })),
  };
}

export function runJson({ allowed, uses, missing }: RunAnswer, evidence: Evidence): CanJson {
  return {
    evidence,
    allowed,
    via: uses.map(({ path, privilege }) => ({
      kind: 'direct',
      path: [...path],
      privilege: privilegeJson(privilege),
    })),
    ...(allowed ? {} : { missing: [...missing] }),
  };
}

function privilegeJson({ resource, actions }: Privilege): CanPrivilege {
  return { resource: { ...resource }, actions: [...actions] };
}

export function accessChangeJson(change: AccessChange): AccessDiffJson['gained'][number] {
  return { ...change, actions: [...change.actions], accounts: [...change.accounts] };
}
