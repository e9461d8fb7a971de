/** What one expectation comes to: a trial for each account, word and place, which a model or a server can answer. */
import { aboutAction, readSubject } from '../access/question.ts';
import { onTarget } from '../access/scope.ts';
import { EVERY_OUTCOME } from '../access/techniques.ts';
import { Failure } from '../failure.ts';
import { isKnownAction, knownActions } from '../model/catalogue.ts';
import { roleGraph } from '../model/graph.ts';
import { formatUser, type Namespace } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import type { Target } from '../model/resource.ts';
import type { User } from '../model/role.ts';
import type { PartOrigin, UserSelector } from '../policy/intent.ts';
import { didYouMean } from '../policy/nearest.ts';
import type { Problem } from '../policy/problem.ts';
import { type RolesOf, rolesHeld, selects } from '../policy/selector.ts';
import type { Expectation } from './expectation.ts';
import { selectorText } from './parse.ts';
import { type KnownPlaces, knownPlaces, placeProblem } from './places.ts';
import type { World } from './world.ts';

interface Common {
  readonly user: User;
  readonly origin: PartOrigin;
  /** Whether it is expected to be allowed. */
  readonly wanted: boolean;
}

export type Trial =
  | (Common & { readonly kind: 'outcome'; readonly word: Outcome; readonly on: Target; readonly place: string })
  | (Common & { readonly kind: 'action'; readonly word: string; readonly on: Target; readonly place: string })
  | (Common & { readonly kind: 'run'; readonly command: Readonly<Record<string, unknown>>; readonly db: string })
  | (Common & {
      readonly kind: 'document';
      readonly document: Readonly<Record<string, unknown>>;
      readonly into: Namespace;
    });

export interface Expanded {
  readonly trials: readonly Trial[];
  readonly problems: readonly Problem[];
}

/** Makes trials of expectations about one world; what knows no account, no place and no word of it is a problem. */
export function trialMaker(world: World): (expectation: Expectation) => Expanded {
  const rolesOf = rolesHeld(roleGraph(world.state.roles ?? [], world.state.server.version));
  const places = knownPlaces(world);
  const astray = memoized((word: string, on: Target) => aboutAction(word, onTarget(on))[0]);
  return (expectation) => {
    const problems: Problem[] = [];
    const report: Report = (rule, origin, message) => {
      problems.push({ rule, severity: 'error', message, ...origin() });
    };
    const users = accountsOf(expectation, world, rolesOf, report);
    const trials = trialsOf(expectation, users, { world, places, astray, report });
    return problems.length > 0 ? { trials: [], problems } : { trials, problems };
  };
}

type Report = (rule: string, origin: () => ReturnType<PartOrigin>, message: string) => void;

export const VACUOUS = 'expectation/never-fails';
const ACCOUNT = 'expectation/account';

/** The accounts that it is about: none of them is a problem, because what is about nobody always holds. */
function accountsOf(expectation: Expectation, world: World, rolesOf: RolesOf, report: Report): readonly User[] {
  const { as, except, origin } = expectation;
  const users = world.state.users ?? [];
  const names = users.map(formatUser);
  const matched = (selector: UserSelector): readonly User[] => users.filter((user) => selects(selector, user, rolesOf));
  const check = (key: string, list: readonly UserSelector[]): void => {
    for (const [index, selector] of list.entries()) {
      if (matched(selector).length > 0) continue;
      const text = selectorText(selector);
      const hint = selector.kind === 'pattern' ? didYouMean(selector.pattern, names) : '';
      const message = `no account is ${text}${hint}: the policies make none, and none is given`;
      report(ACCOUNT, () => origin(key, ...(list.length > 1 ? [index] : [])), message);
    }
  };
  check('as', as);
  check('except', except);
  const excepted = new Set(except.flatMap(matched));
  const meant = new Set(as.flatMap(matched));
  const left = [...meant].filter((user) => !excepted.has(user));
  if (left.length === 0 && meant.size > 0) {
    report(VACUOUS, () => origin('except'), 'every account is excepted, so that this can never fail');
  }
  return left;
}

interface Context {
  readonly world: World;
  readonly places: KnownPlaces;
  /** Why an action is asked for nowhere near the target. */
  readonly astray: (word: string, on: Target) => string | undefined;
  readonly report: Report;
}

function trialsOf(expectation: Expectation, users: readonly User[], context: Context): readonly Trial[] {
  const { origin } = expectation;
  switch (expectation.kind) {
    case 'access': {
      const { wanted } = expectation;
      const subjects = expectation.on.flatMap((place, index) => {
        const on = subjectOf(place, () => origin('on', ...(expectation.on.length > 1 ? [index] : [])), context);
        return on === undefined ? [] : [{ on, place }];
      });
      const key = wanted ? 'may' : 'mayNot';
      return expectation.words.flatMap((word) =>
        subjects.flatMap(({ on, place }) => {
          const outcome = EVERY_OUTCOME.find((known) => known === word);
          if (outcome === undefined && !checkAction(word, on, wanted, () => origin(key), context)) return [];
          return users.map((user): Trial => {
            const common = { user, origin, wanted, on, place };
            return outcome === undefined
              ? { ...common, kind: 'action', word }
              : { ...common, kind: 'outcome', word: outcome };
          });
        }),
      );
    }
    case 'run': {
      const { command, db } = expectation;
      return users.map((user): Trial => ({ kind: 'run', user, origin, wanted: !expectation.refused, command, db }));
    }
    case 'document': {
      const { document, into } = expectation;
      subjectOf(`${into.db}.${into.collection}`, () => origin('into'), context);
      return users.map(
        (user): Trial => ({ kind: 'document', user, origin, wanted: !expectation.refused, document, into }),
      );
    }
  }
}

function subjectOf(
  place: string,
  origin: () => ReturnType<PartOrigin>,
  { world, places, report }: Context,
): Target | undefined {
  try {
    const on = readSubject(place, world.state);
    const wrong = placeProblem(on, places);
    if (wrong !== undefined) report('expectation/place', origin, wrong);
    return on;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    report('expectation/place', origin, `${error.message}: ${error.advice}`);
    return undefined;
  }
}

function checkAction(
  word: string,
  on: Target,
  wanted: boolean,
  origin: () => ReturnType<PartOrigin>,
  { astray, report }: Context,
): boolean {
  if (!isKnownAction(word)) {
    const near = didYouMean(word, [...EVERY_OUTCOME, ...knownActions()]);
    report('expectation/word', origin, `"${word}" is neither an action of MongoDB nor an outcome${near}`);
    return false;
  }
  const elsewhere = astray(word, on);
  if (elsewhere !== undefined) {
    const rule = wanted ? 'expectation/word' : VACUOUS;
    report(rule, origin, `this can never ${wanted ? 'hold' : 'fail'}: ${elsewhere}`);
  }
  return elsewhere === undefined;
}

/** By the word and the kind of target, which is all that counts. */
function memoized(find: (word: string, on: Target) => string | undefined): Context['astray'] {
  const known = new Map<string, string | undefined>();
  return (word, on) => {
    const key = `${word} ${on.kind}`;
    if (!known.has(key)) known.set(key, find(word, on));
    return known.get(key);
  };
}
