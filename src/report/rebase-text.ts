/** What `migrate rebase` did, for people: each thing that it took as it is, and what a person must look at. */
import type { DirectoryProblem } from '../migrate/directory.ts';
import type { Rebase } from '../migrate/rebase.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

const TAKEN: Readonly<Record<DirectoryProblem['kind'], string>> = {
  edited: 'taken as it now is',
  missing: 'left out of the sum',
  inserted: 'added to the sum',
  reordered: 'put into order',
  'out-of-order': 'moved',
  invalid: 'written anew',
};

export function rebaseText({ files, mended, moved, clashes }: Rebase, folder: string, paint: Paint): string {
  const taken = mended.map(
    ({ kind, name, message }) =>
      `${paint('yellow', '~')} ${name}\n  ${wrap(`${message}: ${TAKEN[kind]}`, 2, paint.width)}`,
  );
  const shifted = moved.map(({ from, to }) => `${paint('yellow', '~')} ${from}\n  now ${to}`);
  const wrong = clashes.map(({ name, target, earlier }) => {
    const sentence = `it was planned without ${earlier}, which leaves ${target} otherwise: remove it, run migrate rebase, and plan it again`;
    return `${paint('red', 'x')} ${name}\n  ${wrap(sentence, 2, paint.width)}`;
  });
  const sum = `${folder}/mongoward.sum is written anew: ${count(files.length, 'migration')}.`;
  const order = files.map(({ name }) => `  ${name}`).join('\n');
  const closing =
    clashes.length === 0
      ? paint('bold', wrap(`${sum} Review what changed, and commit it.`, 0, paint.width))
      : paint('red', wrap(`${sum} ${count(clashes.length, 'migration')} can't be applied as planned.`, 0, paint.width));
  return [[...taken, ...shifted].join('\n'), `They run in this order:\n${order}`, wrong.join('\n'), closing]
    .filter((block) => block !== '')
    .join('\n\n');
}
