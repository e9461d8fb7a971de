/**
 * What a command demands, as data: actions on targets, joined by "and" and "or", and the few things that no privilege
 * says.
 */
import type { Namespace } from '../../model/names.ts';
import { collectionTarget, databaseTarget, formatTarget, type Target } from '../../model/resource.ts';

export type Condition =
  | Demand
  /** Holding the action is what stands in the way: a view may be defined over anything by whoever can't read the view. */
  | { readonly kind: 'lacks'; readonly action: string; readonly target: Target }
  /** Any privilege at all on the database or on something inside it. */
  | { readonly kind: 'inside'; readonly db: string }
  /** The action on everything at once, which no list of databases and collections is. */
  | { readonly kind: 'anyResource'; readonly action: string }
  /** Every action on every resource, which of the built-in roles only `__system` has. */
  | { readonly kind: 'everything' }
  /** What is known only when it happens. Never met here; told to whoever is refused. */
  | { readonly kind: 'unknown'; readonly when: string }
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  /** Needs no privilege. */
  | { readonly kind: 'always'; readonly why: string }
  /** Refused whatever one holds. */
  | { readonly kind: 'never'; readonly why: string };

/** One action on one target, which some privilege must grant. */
export interface Demand {
  readonly kind: 'privilege';
  readonly action: string;
  readonly target: Target;
}

/**
 * Every database but `local` and `config`, as a target: the server's `forAnyNormalResource`. Only `anyResource` and
 * `{db: "", collection: ""}` reach it.
 */
export const EVERY_DATABASE: Target = databaseTarget('');

/** The actions on the target, all of them. */
export function need(target: Target, ...actions: readonly string[]): Condition {
  return all(actions.map((action): Condition => ({ kind: 'privilege', action, target })));
}

export function needOn(ns: Namespace, ...actions: readonly string[]): Condition {
  return need(collectionTarget(ns), ...actions);
}

export function lacks(ns: Namespace, action: string): Condition {
  return { kind: 'lacks', action, target: collectionTarget(ns) };
}

export function always(why: string): Condition {
  return { kind: 'always', why };
}

export function never(why: string): Condition {
  return { kind: 'never', why };
}

/** All of them: flat, each once, and without what is met anyway. `why` is said if nothing is left. */
export function all(conditions: readonly Condition[], why?: string): Condition {
  const flat = conditions.flatMap((condition) => (condition.kind === 'all' ? condition.of : [condition]));
  const of = unique(flat.filter(({ kind }) => kind !== 'always'));
  if (of.length > 1) return { kind: 'all', of };
  const free = why === undefined ? flat[0] : undefined;
  return of[0] ?? free ?? always(why ?? 'it needs no privilege');
}

/** One of them is enough: flat, each once, in the order given. */
export function any(conditions: readonly Condition[]): Condition {
  const of = unique(conditions.flatMap((condition) => (condition.kind === 'any' ? condition.of : [condition])));
  const free = of.find(({ kind }) => kind === 'always');
  if (free !== undefined) return free;
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'any', of };
}

function unique(conditions: readonly Condition[]): Condition[] {
  return [...new Map(conditions.map((condition) => [describeCondition(condition), condition])).values()];
}

/** `audit.logs`, `database audit`, `every database`, `cluster`. */
export function describeTarget(target: Target): string {
  if (target.kind !== 'database') return formatTarget(target);
  return target.db === '' ? 'every database' : `database ${target.db}`;
}

/** In words, after "needs": `find on app.a and (insert on app.b or createCollection on app.b)`. */
export function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'privilege':
      return `${condition.action} on ${describeTarget(condition.target)}`;
    case 'lacks':
      return `no ${condition.action} on ${describeTarget(condition.target)}`;
    case 'inside':
      return `some privilege inside database ${condition.db}`;
    case 'anyResource':
      return `${condition.action} on anyResource`;
    case 'everything':
      return 'every action on every resource';
    case 'unknown':
      return `that ${condition.when}`;
    case 'all':
      return condition.of
        .map((part) => (part.kind === 'any' ? `(${describeCondition(part)})` : describeCondition(part)))
        .join(' and ');
    case 'any':
      return condition.of
        .map((part) => (part.kind === 'all' ? `(${describeCondition(part)})` : describeCondition(part)))
        .join(' or ');
    case 'always':
      return `nothing: ${condition.why}`;
    case 'never':
      return `what nobody has: ${condition.why}`;
  }
}
