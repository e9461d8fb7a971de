/** Whether privileges meet a condition: which of them were used, or what is lacking. */
import { grants } from '../../model/decision.ts';
import type { Privilege } from '../../model/privilege.ts';
import { contains, type Target } from '../../model/resource.ts';
import { type Condition, describeTarget } from './condition.ts';

export interface Decision {
  readonly allowed: boolean;
  /** Which privilege met which demand. Empty if refused. */
  readonly used: readonly Use[];
  /** What is lacking; of several alternatives, for the one that lacks least. Empty if allowed, or if no privilege would help. */
  readonly missing: readonly Lack[];
  /** What no action says: why nothing is needed, or why nothing helps. Whole clauses without a full stop. */
  readonly why: readonly string[];
}

export interface Lack {
  readonly action: string;
  readonly target: Target;
}

export interface Use extends Lack {
  readonly privilege: Privilege;
}

/** The server's answer for an account with these privileges, those of all its roles together. */
export function judge(condition: Condition, privileges: readonly Privilege[]): Decision {
  const { hopeless: _hopeless, ...decision } = weigh(condition, privileges);
  return decision;
}

/** `hopeless`: refused, and more privileges would not change it. */
interface Weighed extends Decision {
  readonly hopeless: boolean;
}

const NOTHING = { used: [], missing: [], why: [], hopeless: false } as const;

function weigh(condition: Condition, privileges: readonly Privilege[]): Weighed {
  switch (condition.kind) {
    case 'privilege': {
      const { action, target } = condition;
      const privilege = privileges.find((held) => grants(held, action, target));
      if (privilege === undefined) return { ...NOTHING, allowed: false, missing: [{ action, target }] };
      return { ...NOTHING, allowed: true, used: [{ action, target, privilege }] };
    }
    case 'lacks': {
      const { action, target } = condition;
      const held = privileges.some((privilege) => grants(privilege, action, target));
      if (!held) return { ...NOTHING, allowed: true };
      return { ...NOTHING, allowed: false, hopeless: true, why: [`it has ${action} on ${describeTarget(target)}`] };
    }
    case 'inside':
      if (privileges.some((privilege) => isInside(privilege, condition.db))) return { ...NOTHING, allowed: true };
      return { ...NOTHING, allowed: false, why: [`it has no privilege inside database ${condition.db}`] };
    case 'anyResource':
      if (privileges.some((privilege) => isOnAnything(privilege, condition.action)))
        return { ...NOTHING, allowed: true };
      return { ...NOTHING, allowed: false, why: [`it does not have ${condition.action} on anyResource`] };
    case 'everything':
      if (privileges.some(isEverything)) return { ...NOTHING, allowed: true };
      return { ...NOTHING, allowed: false, why: ['it does not have every action on every resource'] };
    case 'unknown':
      return { ...NOTHING, allowed: false, why: [`it is allowed only if ${condition.when}`] };
    case 'always':
      return { ...NOTHING, allowed: true, why: [condition.why] };
    case 'never':
      return { ...NOTHING, allowed: false, hopeless: true, why: [condition.why] };
    case 'all':
      return weighAll(condition.of.map((part) => weigh(part, privileges)));
    case 'any':
      return weighAny(
        condition.of,
        condition.of.map((part) => weigh(part, privileges)),
      );
  }
}

function weighAll(parts: readonly Weighed[]): Weighed {
  const refused = parts.filter(({ allowed }) => !allowed);
  const telling = refused.length > 0 ? refused : parts;
  const hopeless = refused.some((part) => part.hopeless);
  return {
    allowed: refused.length === 0,
    used: refused.length === 0 ? parts.flatMap(({ used }) => used) : [],
    missing: hopeless ? [] : distinct(refused.flatMap(({ missing }) => missing)),
    why: [...new Set(telling.flatMap(({ why }) => why))],
    hopeless,
  };
}

/** The first alternative that is allowed, else the one that lacks least; what may still be true is told along with it. */
function weighAny(conditions: readonly Condition[], parts: readonly Weighed[]): Weighed {
  const allowed = parts.find((part) => part.allowed);
  if (allowed !== undefined) return allowed;
  const unknown = parts.filter((_, index) => conditions[index]?.kind === 'unknown');
  const [best] = parts.filter((part) => !unknown.includes(part)).toSorted((a, b) => distance(a) - distance(b));
  if (best === undefined) return weighAll(parts);
  return { ...best, why: [...new Set([...best.why, ...unknown.flatMap(({ why }) => why)])] };
}

/** How far away an alternative is: by the actions lacking; then those that no single action opens; then those that nothing does. */
function distance({ hopeless, missing }: Weighed): number {
  if (hopeless) return Number.POSITIVE_INFINITY;
  return missing.length > 0 ? missing.length : Number.MAX_SAFE_INTEGER;
}

function distinct(lacks: readonly Lack[]): Lack[] {
  return [...new Map(lacks.map((lack) => [`${lack.action} on ${describeTarget(lack.target)}`, lack])).values()];
}

/**
 * The server's `isAuthorizedForAnyActionOnAnyResourceInDB`: a `{db: "", collection: name}` privilege counts in every
 * database, `{cluster: true}` in none.
 */
function isInside({ resource, actions }: Privilege, db: string): boolean {
  if (actions.length === 0 || 'cluster' in resource) return false;
  if ('anyResource' in resource || resource.db === db) return true;
  if (resource.db !== '') return false;
  if ('system_buckets' in resource || resource.collection !== '') return true;
  return contains(resource, { db, collection: '' });
}

function isEverything({ resource, actions }: Privilege): boolean {
  return 'anyResource' in resource && actions.includes('anyAction');
}

function isOnAnything({ resource, actions }: Privilege, action: string): boolean {
  return 'anyResource' in resource && (actions.includes(action) || actions.includes('anyAction'));
}
