/** What became of a cluster since an earlier report, and what a baseline covers, for people. */
import { count, wrap } from '../layout.ts';
import type { Paint } from '../paint.ts';
import type { DriftDocument } from './document.ts';

/** Blocks for the end of the text; none if there is nothing to compare with. */
export function changesText({ since, baseline }: DriftDocument, paint: Paint): readonly string[] {
  const told =
    since === undefined
      ? []
      : [
          [
            `Since ${since.file}: ${count(since.added.length, 'finding')} new, ${since.gone.length} gone.`,
            ...since.added.map(({ rule, target }) => paint('red', `+ ${wrap(`${rule} ${target}`, 2)}`)),
            ...since.gone.map(({ rule, target }) => paint('green', `- ${wrap(`${rule} ${target}`, 2)}`)),
          ].join('\n'),
        ];
  return [...told, ...(baseline === undefined ? [] : [paint('dim', wrap(baselineText(baseline), 0))])];
}

/** A baseline that covers nothing any more is told: what it names could come back unseen. */
function baselineText({ file, accepted, gone }: NonNullable<DriftDocument['baseline']>): string {
  const rest = gone === 0 ? '' : ` It also names ${count(gone, 'finding')} no longer there: write it anew.`;
  if (accepted.length === 0 && gone === 0) return `The baseline ${file} names no finding. Leave it out.`;
  return `Accepted by the baseline ${file}: ${count(accepted.length, 'finding')}.${rest}`;
}
