/** Answers to "who can" and "can this account" for people. */

import type { Grant, Principal } from '../access/analysis.ts';
import type { RunAnswer } from '../access/may-run.ts';
import type { AskedPrincipal, WhoAnswer } from '../access/who.ts';
import { formatRole, formatUser } from '../model/names.ts';
import { formatResource } from '../model/resource.ts';
import { type Evidence, evidenceText } from './evidence.ts';
import { count, oneLine, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

const KIND_STYLES = { direct: 'red', escalation: 'yellow', server: 'cyan' } as const;

export function whoText({ principals, together, unenumerable }: WhoAnswer, evidence: Evidence, paint: Paint): string {
  const people = principals.map((principal) => {
    const { role, user } = principal;
    const name = role === undefined ? formatUser(user) : `whoever is given the role ${formatRole(role)}`;
    return `${paint('bold', oneLine(name))} ${paint(KIND_STYLES[principal.kind], principal.kind)}\n${techniqueText(principal, paint)}`;
  });
  const pairs = together.map(
    ({ definers, readers, view }) =>
      `${paint('bold', 'Two accounts together')}\n  ${wrap(
        `${someOf(definers)} can define the view ${view} over it, without being able to read it; ${someOf(readers)} can read the view`,
        2,
      )}`,
  );
  const notes = unenumerable.map((who) => paint('dim', `Not listed: ${wrap(who, 12)}`));
  const users = principals.filter(({ role }) => role === undefined).length;
  const roles = principals.length - users;
  const closing = `${count(users, 'account')}${roles === 0 ? '' : ` and ${count(roles, 'role')} that a group could be given`} can.`;
  return [...people, ...pairs, notes.join('\n'), evidenceText(evidence, paint), paint('bold', closing)]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** The first three. */
function someOf(names: readonly string[]): string {
  const more = names.length - 3;
  return more > 0 ? `${names.slice(0, 3).join(', ')} and ${more} more` : names.join(', ');
}

/** The simplest come first: the rest adds nothing for whoever wants to know whether, and how. */
const MOST_TECHNIQUES = 3;

export function canText(question: string, techniques: readonly Principal[], paint: Paint): string {
  if (techniques.length === 0)
    return paint('green', wrap(`No: ${question} is refused, by every way that is known.`, 0));
  const list = techniques
    .slice(0, MOST_TECHNIQUES)
    .map((technique) => `${paint(KIND_STYLES[technique.kind], technique.kind)}\n${techniqueText(technique, paint)}`);
  const rest = techniques.length - list.length;
  const more = rest > 0 ? [paint('dim', `And by ${count(rest, 'other way')}: --format json lists all.`)] : [];
  return [paint('red', wrap(`Yes: ${question}, by ${count(techniques.length, 'way')}.`, 0)), ...list, ...more].join(
    '\n\n',
  );
}

/** The answer about one command: the privileges that it uses, or what it lacks. */
export function runText(user: string, { allowed, uses, missing, why }: RunAnswer, paint: Paint): string {
  const grants = uses.map((grant) => `  ${wrap(grantNames(grant).join(' → '), 4)}`);
  const reasons = why.map((reason) => `  ${wrap(reason, 2)}`);
  if (allowed) return [paint('red', `Yes: ${user} may run it.`), ...grants, ...reasons].join('\n');
  const lacks = missing.map((what) => `  ${wrap(`it lacks ${what}`, 4)}`);
  return [paint('green', `No: ${user} is refused.`), ...lacks, ...reasons].join('\n');
}

/** `a`, `b`, `remove on *.*` */
function grantNames({ path, privilege, action }: Grant): readonly string[] {
  return [...path, `${action} on ${formatResource(privilege.resource)}`];
}

/** `  a → b → remove on any database`, then what it does, step by step. */
function techniqueText(
  { path, steps, privilege, action, technique, kind, also }: AskedPrincipal,
  paint: Paint,
): string {
  const names = kind === 'escalation' && steps.length > 1 ? path : grantNames({ path, privilege, action });
  const besides = also.map((grant) => `  ${wrap(`and ${grantNames(grant).join(' → ')}`, 4)}`);
  const sentence = `can ${steps.join(', then ')}`;
  const remedy =
    kind === 'server' && technique.remedy !== undefined
      ? [`  ${paint('dim', wrap(`Remedy: ${technique.remedy}`, 2))}`]
      : [];
  return [`  ${wrap(names.join(' → '), 4)}`, ...besides, `  ${paint('dim', wrap(sentence, 2))}`, ...remedy].join('\n');
}
