/** What became of a cluster since an earlier report, and what a baseline covers, for people. */
import { count, wrap } from '../layout.ts';
import type { Paint } from '../paint.ts';
import type { Baseline, DriftDocument, Since } from './document.ts';

/** Blocks for the end of the text; none if there is nothing to compare with. */
export function changesText({ since, baseline }: DriftDocument, paint: Paint): readonly string[] {
  const told =
    since === undefined
      ? []
      : [
          [
            sinceText(since),
            ...since.added.map(({ rule, target }) => paint('red', `+ ${wrap(`${rule} ${target}`, 2)}`)),
            ...since.gone.map(({ rule, target }) => paint('green', `- ${wrap(`${rule} ${target}`, 2)}`)),
          ].join('\n'),
        ];
  return [...told, ...(baseline === undefined ? [] : [paint('dim', wrap(baselineText(baseline), 0))])];
}

export function sinceText({ file, added, gone, absent }: Since): string {
  if (absent) return `${file} says nothing of this cluster: everything counts as new.`;
  return `Since ${file}: ${count(added.length, 'finding')} new, ${gone.length} gone.`;
}

/** A baseline that covers nothing any more is told: what it names could come back unseen. */
export function baselineText({ file, accepted, gone, absent }: Baseline): string {
  if (absent) return `The baseline ${file} says nothing of this cluster, and accepts nothing here.`;
  const rest = gone === 0 ? '' : ` It also names ${count(gone, 'finding')} no longer there: write it anew.`;
  if (accepted.length === 0 && gone === 0) return `The baseline ${file} names no finding. Leave it out.`;
  return `Accepted by the baseline ${file}: ${count(accepted.length, 'finding')}.${rest}`;
}
