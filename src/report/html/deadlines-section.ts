/** Exemptions with the days that they have left, and what people declare with the day on which it is due for review. */
import { daysBetween, SOON_DAYS } from '../../drift/deadlines.ts';
import type { DriftDocument } from '../drift/document.ts';
import { count } from '../layout.ts';
import { type Content, type Element, h } from './element.ts';
import { badge, section, table } from './sections.ts';
import { shown } from './text.ts';

export function deadlineSections(document: DriftDocument, id: string): readonly Element[] {
  const { exemptions, reviews, report, today } = document;
  return [
    ...(report.accepted.length === 0
      ? []
      : [
          section(
            `${id}accepted`,
            'Accepted risks',
            h('p', { class: 'lead' }, 'The policy accepts these findings for a time. They do not count until then.'),
            table(
              'Accepted risks',
              ['What', 'On', 'Reason', 'Until', 'Left'],
              report.accepted.map(({ finding: { rule, target, message }, reason, until }): Content[] => [
                h('div', {}, h('code', {}, shown(rule)), h('p', {}, shown(message))),
                h('code', {}, shown(target)),
                shown(reason),
                until,
                left(daysBetween(today, until), 'ended'),
              ]),
            ),
          ),
        ]),
    section(
      `${id}exemptions`,
      'Exempt accounts',
      exemptions.length === 0
        ? h('p', { class: 'lead' }, 'The policy exempts nobody.')
        : table(
            'Exempt accounts',
            ['Account', 'Reason', 'Until', 'Left'],
            exemptions.map(({ account, reason, until, daysLeft }): Content[] => [
              h('code', {}, shown(account)),
              shown(reason),
              until,
              left(daysLeft, 'ended'),
            ]),
          ),
    ),
    section(
      `${id}declared`,
      'Declared, not observed',
      h('p', { class: 'lead' }, "MongoDB can't show these: a person answers for each."),
      reviews.length === 0
        ? h('p', {}, 'The policy declares nothing.')
        : table(
            'What people declare',
            ['Control', 'Value', 'Owner', 'Reviewed', 'Next review', 'Left'],
            reviews.map(({ control, attestation: { value, owner, reviewedOn }, due, daysLeft }): Content[] => [
              h('code', {}, shown(control)),
              shown(value),
              shown(owner),
              reviewedOn,
              due,
              left(daysLeft, 'overdue'),
            ]),
          ),
    ),
  ];
}

function left(days: number, past: string): Element {
  if (days < 0) return badge('error', `${past} ${count(-days, 'day')} ago`);
  return badge(days <= SOON_DAYS ? 'warning' : 'calm', count(days, 'day'));
}
