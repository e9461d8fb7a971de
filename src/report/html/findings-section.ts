/** The findings, the worst first. */
import type { DriftFinding } from '../../drift/finding.ts';
import type { DriftDocument } from '../drift/document.ts';
import { diffLines } from '../textdiff.ts';
import { type Content, type Element, h } from './element.ts';
import { badge, section, trail } from './sections.ts';
import { shown } from './text.ts';

const GROUPS: Readonly<Record<DriftFinding['severity'], string>> = {
  error: 'Errors',
  warning: 'Warnings',
  info: 'Notes',
};

export function findingsSection({ report }: DriftDocument, id: string): Element {
  const { findings, unreadable } = report;
  const unseen =
    unreadable.length === 0
      ? []
      : [
          h('h3', {}, 'Not seen'),
          h('p', { class: 'lead' }, 'Nothing is said about these parts of the cluster.'),
          h(
            'ul',
            { class: 'cards' },
            ...unreadable.map(({ what, why }) =>
              h('li', { class: 'card hm' }, h('p', {}, h('code', {}, shown(what)), ' ', shown(why))),
            ),
          ),
        ];
  const groups = (Object.keys(GROUPS) as DriftFinding['severity'][]).flatMap((severity): Content[] => {
    const own = findings.filter((finding) => finding.severity === severity);
    const rules = [...new Set(own.map(({ rule }) => rule))];
    if (own.length === 0) return [];
    const folded = rules.map((rule) =>
      ruleGroup(
        rule,
        own.filter((finding) => finding.rule === rule),
      ),
    );
    return [h('h3', {}, `${GROUPS[severity]} (${own.length})`), ...folded];
  });
  const nothing = findings.length + unreadable.length === 0;
  return section(
    `${id}findings`,
    'What is not as the policy says',
    ...(nothing ? [h('p', { class: 'lead' }, 'Nothing. The cluster is as the policy says.')] : []),
    ...unseen,
    ...groups,
  );
}

/** More of one rule are folded: a person looks at what differs first. */
const MOST_OPEN = 3;
const MOST_NAMED = 4;

function ruleGroup(rule: string, findings: readonly DriftFinding[]): Content {
  const cards = h('ul', { class: 'cards' }, ...findings.map(card));
  if (findings.length <= MOST_OPEN) return h('div', { class: 'group' }, cards);
  const names = findings.slice(0, MOST_NAMED).map(({ target }) => shown(target));
  const more = findings.length - names.length;
  return h(
    'details',
    { class: 'group' },
    h(
      'summary',
      {},
      h('strong', {}, rule),
      ` ${findings.length} times: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    ),
    cards,
  );
}

function card({ severity, rule, target, message, path, states, origin }: DriftFinding): Element {
  const at = origin?.();
  const difference = states === undefined ? [] : diffLines(states.before, states.after);
  return h(
    'li',
    { class: `card ${severity}` },
    h(
      'p',
      { class: 'about' },
      badge(severity, severity),
      h('code', { class: 'target' }, shown(target)),
      h('span', { class: 'rule' }, rule),
      at !== undefined && h('span', { class: 'rule' }, shown(`${at.file}:${at.line}`)),
    ),
    h('p', {}, shown(message)),
    path !== undefined && trail(path.map(shown)),
    difference.length > 0 &&
      h(
        'details',
        {},
        h('summary', {}, 'What differs'),
        h(
          'pre',
          { tabindex: 0 },
          ...difference.map((line): Content => h('span', { class: classOf(line) }, `${shown(line)}\n`)),
        ),
      ),
  );
}

function classOf(line: string): string {
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}
