/**
 * Every privilege action of every release, judged: the techniques that it is part of, or why it takes part in none. Held
 * against the catalogues and the techniques by test/access/actions.test.ts; docs/what-roles-can-do.md is made of it.
 */
import { once } from '../../model/once.ts';
import { TECHNIQUES } from './by-technique.ts';
import { HARMLESS } from './harmless.ts';

export type Judgement =
  /** The ids of the techniques that require it, in some release. */
  | { readonly kind: 'technique'; readonly techniques: readonly string[] }
  | { readonly kind: 'harmless'; readonly why: string; readonly source: string }
  /** `anyAction`, which stands for every other one. */
  | { readonly kind: 'every' };

/** How the action is judged; nothing for one that no known release has. */
export function judgementOf(action: string): Judgement | undefined {
  return judgements().get(action);
}

/** Whether no command of any known release asks for the action. Some of MongoDB's own roles grant such a one all the same. */
export function isNeverAsked(action: string): boolean {
  return neverAsked().has(action);
}

const neverAsked = once(
  (): ReadonlySet<string> => new Set(HARMLESS.flatMap((each) => (each.neverAsked === true ? each.actions : []))),
);

const judgements = once(
  () =>
    new Map<string, Judgement>([
      ['anyAction', { kind: 'every' }],
      ...Object.entries(TECHNIQUES).map(([action, techniques]): [string, Judgement] => [
        action,
        { kind: 'technique', techniques },
      ]),
      ...HARMLESS.flatMap(({ actions, why, source }) =>
        actions.map((action): [string, Judgement] => [action, { kind: 'harmless', why, source }]),
      ),
    ]),
);
