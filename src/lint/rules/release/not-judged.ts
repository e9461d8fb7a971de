import { releaseNote } from '../../../access/state-notes.ts';
import type { LintRule } from '../../rule.ts';
import { partOf, topLevel } from '../entry-place.ts';

export const notJudged: LintRule = {
  kind: 'checks',
  name: 'release/not-judged',
  description: 'The oldest release that the policy admits is none of those that are known',
  recommended: 'warning',
  source: "the catalogues of MongoDB's roles and actions, which have a first and a last release",
  check: (context) => {
    const at = topLevel(context, 'cluster');
    const note = releaseNote(context.version);
    if (note === undefined || at === undefined) return [];
    return [
      { message: `${note}. Name a release in cluster.version that is known`, at: partOf(context, at, ['version']) },
    ];
  },
};
