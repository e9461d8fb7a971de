/** Who reaches a protected place by becoming more than it is: the ways of escalation, drawn as one graph. */
import type { AccessMatrix } from '../../drift/access-matrix.ts';
import type { DriftDocument } from '../drift/document.ts';
import { count } from '../layout.ts';
import { chainNodes } from './chains.ts';
import { type Element, h } from './element.ts';
import { type Chain, drawGraph } from './graph.ts';
import { section } from './sections.ts';
import { shown } from './text.ts';

interface Way {
  readonly path: readonly string[];
  readonly accounts: string[];
  readonly places: Set<string>;
  broken: boolean;
}

/** More lines would be no picture any more. */
const MOST_WAYS = 40;

export function escalationSection({ matrix }: DriftDocument, id: string): Element {
  const ways = waysOf(matrix);
  const title = 'Who can make itself able';
  if (ways.length === 0) {
    return section(
      `${id}escalation`,
      title,
      h('p', { class: 'lead' }, 'No account reaches a protected place by escalation.'),
    );
  }
  const drawn = ways.slice(0, MOST_WAYS);
  const more = ways.length - drawn.length;
  const names = new Set(matrix.accounts.map(({ account }) => shown(account)));
  const chains = drawn.map((way): Chain => {
    const [only] = way.accounts;
    const who = way.accounts.length === 1 && only !== undefined ? only : count(way.accounts.length, 'account');
    const nodes = chainNodes([who, ...way.path], names);
    return { broken: way.broken, nodes: [...nodes, { kind: 'outcome', label: [...way.places].join(', ') }] };
  });
  return section(
    `${id}escalation`,
    title,
    h(
      'p',
      { class: 'lead' },
      'From the left: accounts, the roles that they hold, the privileges or accounts that they get by them, and what they reach.',
    ),
    h(
      'div',
      { class: 'scroll graph', role: 'region', 'aria-label': 'Ways of escalation', tabindex: 0 },
      drawGraph(chains, 'end', `${count(ways.length, 'way')} of escalation to protected places`),
    ),
    more > 0 &&
      h('p', { class: 'lead' }, `And ${count(more, 'other way')}: choose an account above to see how it can.`),
    h(
      'details',
      {},
      h('summary', {}, 'The same as a list'),
      h(
        'ul',
        { class: 'ways' },
        ...drawn.map(({ accounts, path, places }) =>
          h('li', {}, `${accounts.join(', ')} → ${path.join(' → ')} → ${[...places].join(', ')}`),
        ),
      ),
    ),
  );
}

/** Accounts with the same way are one line; those that the policy rules out come first. */
function waysOf({ accounts, places }: AccessMatrix): readonly Way[] {
  const ways = new Map<string, Way>();
  for (const { account, relation, cells } of accounts) {
    for (const [at, accesses] of cells.entries()) {
      for (const { kind, path, decision } of accesses) {
        if (kind !== 'escalation') continue;
        const rest = (relation === 'group' ? path : path.slice(1)).map(shown);
        const key = JSON.stringify(rest);
        const way = ways.get(key) ?? { path: rest, accounts: [], places: new Set<string>(), broken: false };
        if (!way.accounts.includes(shown(account))) way.accounts.push(shown(account));
        way.places.add(shown(places[at] ?? ''));
        way.broken ||= decision === 'broken';
        ways.set(key, way);
      }
    }
  }
  const all = [...ways.values()];
  return [...all.filter(({ broken }) => broken), ...all.filter(({ broken }) => !broken)];
}
