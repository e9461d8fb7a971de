/** One account: what it can bring about in each place, and the way there, drawn. */
import { chainNodes } from '../report/html/chains.ts';
import { h } from '../report/html/element.ts';
import { type Chain, drawGraph } from '../report/html/graph.ts';
import type { AccessRow, MatrixData } from '../report/html/matrix-data.ts';
import { DECISIONS, RELATIONS } from '../report/html/words.ts';
import { toNode } from './dom.ts';

/** `at`: the account's place in the data. */
export function showAccount(dialog: HTMLDialogElement, data: MatrixData, at: number): void {
  const [account = '', relation = 'other', holds = [], cells = []] = data.accounts[at] ?? [];
  const names = new Set(data.accounts.map(([name]) => name));
  const places = data.places.flatMap((place, index) => {
    const rows = data.cells[cells[index] ?? -1] ?? [];
    return rows.length === 0 ? [] : [placeOf(place, rows, account, data, names)];
  });
  const nothing = h('p', { class: 'lead' }, 'It can bring nothing about in a protected place.');
  dialog.replaceChildren(
    toNode(
      h(
        'div',
        { class: 'account' },
        h(
          'form',
          { method: 'dialog' },
          h('h2', { id: 'account-title' }, account),
          h('button', { type: 'submit' }, 'Close'),
        ),
        h(
          'p',
          { class: 'lead' },
          `${RELATIONS[relation]}. ${holds.length === 0 ? 'It holds no role itself.' : `It holds ${holds.join(', ')}.`}`,
        ),
        ...(places.length === 0 ? [nothing] : places),
      ),
    ),
  );
  dialog.showModal();
}

function placeOf(
  place: string,
  rows: readonly AccessRow[],
  account: string,
  { paths, steps }: MatrixData,
  names: ReadonlySet<string>,
) {
  const byPath = new Map<number, AccessRow[]>();
  for (const row of rows) byPath.set(row[2], [...(byPath.get(row[2]) ?? []), row]);
  const chains = [...byPath].map(([path, own]): Chain => {
    const nodes = chainNodes([account, ...(paths[path] ?? [])], names);
    const outcomes = own.map(([outcome]) => outcome).join(', ');
    return {
      broken: own.some(([, decision]) => decision === 'broken'),
      nodes: [...nodes, { kind: 'outcome', label: outcomes }],
    };
  });
  return h(
    'section',
    {},
    h('h3', {}, place),
    h(
      'div',
      { class: 'scroll graph', role: 'region', 'aria-label': `Paths to ${place}`, tabindex: 0 },
      drawGraph(chains, 'start', `How ${account} reaches ${place}`),
    ),
    h(
      'ul',
      { class: 'outcomes' },
      ...rows.map(([outcome, decision, , does]) =>
        h(
          'li',
          {},
          h('span', { class: `badge ${decision}` }, DECISIONS[decision]),
          h('strong', {}, ` ${outcome}`),
          `: it can ${steps[does] ?? ''}.`,
        ),
      ),
    ),
  );
}
