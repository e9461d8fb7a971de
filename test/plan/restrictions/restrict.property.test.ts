import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assess } from '../../../src/access/analysis.ts';
import { circumstancesOf } from '../../../src/access/circumstances.ts';
import { techniquesOn } from '../../../src/access/techniques.ts';
import { violationsMade, violationText } from '../../../src/access/violations.ts';
import { catalogueFor } from '../../../src/model/catalogue.ts';
import { allows } from '../../../src/model/decision.ts';
import { type RoleGraph, roleGraph } from '../../../src/model/graph.ts';
import { formatNamespace, formatUser, type Namespace, parseNamespace, userKey } from '../../../src/model/names.ts';
import type { Outcome } from '../../../src/model/outcomes.ts';
import type { Privilege } from '../../../src/model/privilege.ts';
import {
  collectionTarget,
  databaseTarget,
  formatTarget,
  type Resource,
  type Target,
} from '../../../src/model/resource.ts';
import type { User } from '../../../src/model/role.ts';
import { makePlan, type Plan } from '../../../src/plan/plan.ts';
import type { Loss } from '../../../src/plan/restrictions/losses.ts';
import type { Intent, IntentRestriction } from '../../../src/policy/intent.ts';
import type { ClusterState } from '../../../src/state/state.ts';
import { commandOf } from '../../support/build.ts';
import { Interpreter } from '../../support/interpreter.ts';
import { scaled } from '../../support/scaled.ts';
import { ACTIONS, brownfield, COLLECTIONS, TARGETS } from './clusters.ts';

function carryOut(actual: ClusterState, { operations }: Plan): Interpreter {
  const cluster = new Interpreter(actual);
  for (const operation of operations) {
    const { db, command } = commandOf(operation);
    cluster.run(db, command);
  }
  return cluster;
}

/** Whom a restriction is about, by the rules of the language and nothing of the code under test. */
function isAbout({ users, except }: IntentRestriction, intent: Intent, user: User, graph: RoleGraph): boolean {
  const exempt = [...except, ...intent.breakGlass.map((entry) => entry.user)].map(userKey);
  if (exempt.includes(userKey(user))) return false;
  return users.some((selector) => {
    if (selector.kind === 'holding') {
      return graph.closure(user.roles).some(({ role, db }) => role === selector.role.role && db === selector.role.db);
    }
    if (selector.pattern === '*@admin') return user.db === 'admin';
    return selector.pattern === '*' || selector.pattern === formatUser(user);
  });
}

/** Whether exclusive access of a collection names the user: it may there what is denied everybody else. */
function isNamed(intent: Intent, { db, collection }: Namespace, outcome: Outcome, user: User): boolean {
  return intent.collections.some(
    ({ ns, access }) =>
      ns.db === db &&
      ns.collection === collection &&
      access.get(outcome)?.some((named) => userKey(named) === userKey(user)) === true,
  );
}

/**
 * What a user is kept out of. Asked about a whole database, a way may take one collection for one of its steps and
 * another for the next; who may do something in one of them is asked about each.
 */
function subjectsFor(intent: Intent, on: string, user: User): readonly Namespace[] {
  const ns = parseNamespace(on);
  assert.ok(ns);
  const isNamedThere = intent.collections.some(
    (entry) =>
      entry.ns.db === ns.db &&
      [...entry.access.values()].some((users) => users.some((named) => userKey(named) === userKey(user))),
  );
  if (ns.collection !== '*' || !isNamedThere) return [ns];
  return [...(COLLECTIONS[ns.db] ?? []), 'made-later'].map((collection) => ({ db: ns.db, collection }));
}

function subjectOf(ns: Namespace): Target {
  return ns.collection === '*' ? databaseTarget(ns.db) : collectionTarget(ns);
}

/** What the release does not know, nobody can do, `anyAction` or not. */
function changed(before: readonly Privilege[], after: readonly Privilege[], version: string) {
  const { actions } = catalogueFor(version);
  return TARGETS.flatMap((target) =>
    ACTIONS.filter((action) => actions.has(action)).map((action) => ({
      action,
      target,
      could: allows(before, action, target),
      can: allows(after, action, target),
    })),
  ).filter(({ could, can }) => could !== can);
}

/** What is listed as lost was held, and is no longer. */
function assertReal(loss: Loss, before: readonly Privilege[], held: readonly Privilege[], who: string): void {
  const places = targetsOf(loss.resource);
  for (const action of loss.actions) {
    const isLost = places.some((target) => allows(before, action, target) && !allows(held, action, target));
    assert.ok(isLost, `listed, and not lost: ${who}: ${action} on ${loss.on}`);
  }
}

/** Places that a resource reaches; of a wildcard over databases, one that nobody knows yet. */
function targetsOf(resource: Resource): readonly Target[] {
  if ('cluster' in resource) return [{ kind: 'cluster' }];
  // Only `anyResource` reaches what nobody knows of the server's own.
  if ('anyResource' in resource) return [collectionTarget({ db: 'made-later', collection: 'system.unheard-of' })];
  const db = resource.db === '' ? 'made-later' : resource.db;
  if ('system_buckets' in resource) {
    return [collectionTarget({ db, collection: `system.buckets.${resource.system_buckets || 'any'}` })];
  }
  if (resource.collection !== '') return [collectionTarget({ db, collection: resource.collection })];
  return [
    databaseTarget(db),
    ...['any', ...(COLLECTIONS[db] ?? [])].map((collection) => collectionTarget({ db, collection })),
  ];
}

/** Everybody who can, by the model of authorization alone; what a release lets through whatever the grants are is left out. */
function ableOn(state: ClusterState, ns: Namespace, deny: readonly Outcome[]) {
  const subject = subjectOf(ns);
  const techniques = techniquesOn(subject, circumstancesOf(state, subject)).filter(({ kind }) => kind !== 'server');
  const { roles = [], users = [], server } = state;
  const assessment = assess({ roles, users }, server.version, techniques);
  return deny.flatMap((outcome) =>
    assessment
      .who(techniques.filter((technique) => technique.outcomes.includes(outcome)))
      .map(({ user, path, technique }) => ({
        user,
        outcome,
        how: `${path.join(' → ')} ${technique.id} (${outcome} ${formatNamespace(ns)})`,
      })),
  );
}

/** What is denied to accounts of `actual` and what `after` lets them do all the same. */
function stillAble(intent: Intent, actual: ClusterState, after: ClusterState) {
  const graph = roleGraph(actual.roles ?? [], actual.server.version);
  return intent.restrictions.flatMap((restriction) => {
    const able = new Map<string, ReturnType<typeof ableOn>>();
    const ableThere = (ns: Namespace) => {
      const known = able.get(formatNamespace(ns)) ?? ableOn(after, ns, restriction.deny);
      able.set(formatNamespace(ns), known);
      return known;
    };
    const covered = (actual.users ?? []).filter((user) => isAbout(restriction, intent, user, graph));
    return covered.flatMap((user) =>
      restriction.on.flatMap((on) =>
        subjectsFor(intent, on, user).flatMap((ns) =>
          ableThere(ns)
            .filter((each) => userKey(each.user) === userKey(user) && !isNamed(intent, ns, each.outcome, user))
            .map(({ outcome, how }) => ({ user, on, ns, outcome, how })),
        ),
      ),
    );
  });
}

test('after the plan, every restricted account is refused every denied technique, or the plan says that it still can', () => {
  fc.assert(
    fc.property(brownfield, ({ intent, actual }) => {
      const plan = makePlan(intent, actual);
      fc.pre(plan.obstacles.length === 0);
      const after = carryOut(actual, plan).state();
      const told = new Set(
        plan.undecided.flatMap(({ user, open }) =>
          open.flatMap(({ demand, technique }) =>
            technique.outcomes.map((outcome) => `${userKey(user)} ${outcome} ${demand.on}`),
          ),
        ),
      );
      for (const { user, on, ns, outcome, how } of stillAble(intent, actual, after)) {
        const said = [on, formatNamespace(ns)].some((place) => told.has(`${userKey(user)} ${outcome} ${place}`));
        assert.ok(said, how);
      }
    }),
    { numRuns: scaled(300) },
  );
});

test('after the plan, accounts may do everything else that they could, except at protected places and our own; nobody gains', () => {
  fc.assert(
    fc.property(brownfield, ({ intent, actual }) => {
      const plan = makePlan(intent, actual);
      fc.pre(plan.obstacles.length === 0);
      const after = carryOut(actual, plan).state();
      const had = roleGraph(actual.roles ?? [], actual.server.version);
      const has = roleGraph(after.roles ?? [], actual.server.version);
      const protectedPlaces = [
        ...intent.restrictions.flatMap(({ on }) => on),
        ...intent.collections.map(({ ns }) => `${ns.db}.${ns.collection}`),
      ];
      const databases = new Set(protectedPlaces.map((on) => on.slice(0, on.indexOf('.'))));
      for (const user of actual.users ?? []) {
        const now = after.users?.find((each) => userKey(each) === userKey(user));
        assert.ok(now);
        const before = had.privileges(user.roles);
        const held = has.privileges(now.roles);
        const lost = plan.rewrites.find(({ users }) => users.some((each) => userKey(each) === userKey(user)))?.loses;
        for (const loss of lost ?? []) assertReal(loss, before, held, formatUser(user));
        for (const { action, target, could } of changed(before, held, actual.server.version)) {
          const what = `${formatUser(user)}: ${action} on ${formatTarget(target)}`;
          assert.ok(could, `gained ${what}`);
          assert.ok(target.kind !== 'cluster' && databases.has(target.db), `lost ${what}`);
          assert.ok(
            lost?.some(({ on, actions }) => {
              const named = actions.includes(action) || actions.includes('anyAction');
              return named && placesOf(target).includes(on);
            }),
            `not listed: ${what}`,
          );
        }
      }
    }),
    { numRuns: scaled(200) },
  );
});

/** The names under which a loss at a place may be told: its own, and those of wildcards of which nothing is left. */
function placesOf(target: Exclude<Target, { readonly kind: 'cluster' }>): readonly string[] {
  const { db } = target;
  const everywhere = target.kind === 'collection' ? [`*.${target.collection}`] : [];
  return [formatTarget(target), `${db}.*`, `${db}.*, as a whole`, '*.*', 'any', ...everywhere];
}

test('after the plan, nobody violates the policy who did not before', () => {
  fc.assert(
    fc.property(brownfield, ({ intent, actual }) => {
      const plan = makePlan(intent, actual);
      fc.pre(plan.obstacles.length === 0);
      assert.deepEqual(violationsMade([intent], actual, carryOut(actual, plan).state()).map(violationText), []);
    }),
    { numRuns: scaled(200) },
  );
});

test('after the plan, nothing is left to plan', () => {
  fc.assert(
    fc.property(brownfield, ({ intent, actual }) => {
      const plan = makePlan(intent, actual);
      fc.pre(plan.obstacles.length === 0);
      const again = makePlan(intent, carryOut(actual, plan).state());
      assert.deepEqual([again.operations, again.obstacles, again.orphans], [[], [], []]);
    }),
    { numRuns: scaled(200) },
  );
});

test('other restrictions in their place settle too, and nobody is given back more than it had before any', () => {
  fc.assert(
    fc.property(brownfield, brownfield, ({ intent, actual }, { intent: next }) => {
      const first = makePlan(intent, actual);
      fc.pre(first.obstacles.length === 0);
      const narrowed = carryOut(actual, first).state();
      const second = makePlan(next, narrowed);
      fc.pre(second.obstacles.length === 0);
      const after = carryOut(narrowed, second).state();
      const again = makePlan(next, after);
      assert.deepEqual([again.operations, again.obstacles], [[], []]);
      const { version } = actual.server;
      const had = roleGraph(actual.roles ?? [], version);
      const has = roleGraph(after.roles ?? [], version);
      for (const user of actual.users ?? []) {
        const now = after.users?.find((each) => userKey(each) === userKey(user));
        assert.ok(now);
        for (const { action, target, could } of changed(
          had.privileges(user.roles),
          has.privileges(now.roles),
          version,
        )) {
          assert.ok(could, `gained ${formatUser(user)}: ${action} on ${formatTarget(target)}`);
        }
      }
    }),
    { numRuns: scaled(60) },
  );
});

test('between operations, no account lacks a privilege that it has before and after', () => {
  fc.assert(
    fc.property(brownfield, ({ intent, actual }) => {
      const plan = makePlan(intent, actual);
      fc.pre(plan.obstacles.length === 0 && plan.operations.length > 0);
      const able = (state: ClusterState): readonly ReadonlySet<string>[] => {
        const graph = roleGraph(state.roles ?? [], state.server.version);
        return (state.users ?? []).map((user) => {
          const held = graph.privileges(user.roles);
          return new Set(
            TARGETS.flatMap((target) =>
              ACTIONS.filter((action) => allows(held, action, target)).map(
                (action) => `${action} ${formatTarget(target)}`,
              ),
            ),
          );
        });
      };
      const before = able(actual);
      const after = able(carryOut(actual, plan).state());
      const cluster = new Interpreter(actual);
      for (const operation of plan.operations) {
        const { db, command } = commandOf(operation);
        cluster.run(db, command);
        if (operation.kind === 'recordObject') continue;
        for (const [at, now] of able(cluster.state()).entries()) {
          for (const what of before[at] ?? []) {
            if (after[at]?.has(what)) assert.ok(now.has(what), `${at} ${what} after ${operation.id}`);
          }
        }
      }
    }),
    { numRuns: scaled(40) },
  );
});
