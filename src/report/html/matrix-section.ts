/** The matrix: accounts by protected places. It is whole without the script, which filters, sorts and explains it. */
import { EVERY_OUTCOME } from '../../access/techniques.ts';
import type { Access, Decision, MatrixAccount } from '../../drift/access-matrix.ts';
import type { Outcome } from '../../model/outcomes.ts';
import type { DriftDocument } from '../drift/document.ts';
import { type Content, type Element, h } from './element.ts';
import { section } from './sections.ts';
import { shown } from './text.ts';
import { DECISIONS, LETTERS, OUTCOME_MEANINGS, RELATIONS } from './words.ts';

const ORDER = Object.keys(LETTERS) as Outcome[];

export function matrixSection({ matrix: { places, accounts, unseen } }: DriftDocument, id: string): Element {
  if (places.length === 0 || accounts.length === 0) {
    const why =
      places.length === 0
        ? 'The policy protects no collection and restricts nobody.'
        : 'Accounts or roles of the cluster could not be seen.';
    return section(`${id}access`, 'Who can do what', h('p', { class: 'lead' }, why));
  }
  return section(
    `${id}access`,
    'Who can do what',
    h(
      'p',
      { class: 'lead' },
      'Each account and what it can bring about in each protected place, by any way. Choose an account to see how.',
    ),
    legend(),
    controls(id, places),
    h(
      'div',
      { class: 'scroll tall', role: 'region', 'aria-label': 'Accounts by protected places', tabindex: 0 },
      h(
        'table',
        { class: 'matrix', id: `${id}matrix` },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, h('button', { type: 'button' }, 'Account')),
            h('th', { scope: 'col' }, h('button', { type: 'button' }, 'In the policy')),
            ...places.map((place) => h('th', { scope: 'col' }, h('button', { type: 'button' }, shown(place)))),
          ),
        ),
        h('tbody', {}, ...accounts.map((account) => row(account))),
      ),
    ),
    h('p', { class: 'lead', role: 'status', id: `${id}shown` }, `${accounts.length} accounts.`),
    ...unseen.map((who) => h('p', { class: 'lead' }, `Not seen: ${shown(who)}.`)),
  );
}

function row({ account, relation, cells }: MatrixAccount): Element {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, h('button', { type: 'button' }, shown(account))),
    h('td', {}, RELATIONS[relation]),
    ...cells.map((accesses) => h('td', {}, ...letters(accesses))),
  );
}

const SHORT: Readonly<Record<Decision, string>> = { broken: 'x', release: 'r', exempt: 'e', allowed: 'a' };

/** `c3x`: at the fourth place of the cell, broken. A matrix has thousands of them. What is missing before the last keeps its place. */
function letters(accesses: readonly Access[]): readonly Content[] {
  const slots = ORDER.map((outcome) => accesses.find((each) => each.outcome === outcome));
  const last = slots.findLastIndex((access) => access !== undefined);
  return slots
    .slice(0, last + 1)
    .map((access, at) =>
      access === undefined ? h('i') : h('b', { class: `c${at}${SHORT[access.decision]}` }, LETTERS[access.outcome]),
    );
}

function legend(): Element {
  return h(
    'div',
    { class: 'legend' },
    h(
      'dl',
      {},
      ...EVERY_OUTCOME.map((outcome) =>
        h('div', {}, h('dt', {}, h('b', {}, LETTERS[outcome]), ` ${outcome}`), h('dd', {}, OUTCOME_MEANINGS[outcome])),
      ),
    ),
    h(
      'ul',
      {},
      ...(Object.keys(DECISIONS) as Decision[]).map((decision) =>
        h('li', {}, h('b', { class: `k${SHORT[decision]}` }, 'A'), ` ${DECISIONS[decision]}`),
      ),
    ),
  );
}

function controls(id: string, places: readonly string[]): Element {
  const select = (name: string, label: string, choices: readonly (readonly [value: string, text: string])[]): Element =>
    h('label', {}, label, h('select', { name }, ...choices.map(([value, text]) => h('option', { value }, text))));
  return h(
    'form',
    { class: 'controls', id: `${id}controls`, hidden: true, 'aria-label': 'Filter the matrix' },
    h(
      'label',
      {},
      'Name or role',
      h('input', { type: 'search', name: 'text', autocomplete: 'off', spellcheck: 'false' }),
    ),
    select('decision', 'Allowed', [
      ['', 'any'],
      ...(Object.entries(DECISIONS) as [Decision, string][]),
      ['none', 'can do nothing'],
    ]),
    select('outcome', 'Outcome', [['', 'any'], ...EVERY_OUTCOME.map((outcome) => [outcome, outcome] as const)]),
    select('place', 'Place', [['', 'any'], ...places.map((place, at) => [String(at), shown(place)] as const)]),
  );
}
