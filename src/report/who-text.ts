/** Answers to "who can" and "can this account" for people. */

import type { Principal } from '../access/analysis.ts';
import { grantNames, grantPathOf } from '../access/grant-paths.ts';
import type { RunAnswer } from '../access/may-run.ts';
import type { AskedPrincipal, WhoAnswer } from '../access/who.ts';
import { formatResource } from '../model/resource.ts';
import { type Evidence, evidenceText } from './evidence.ts';
import { count, oneLine, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { exemptMarks, namedPrincipal, principalName } from './principals.ts';

const KIND_STYLES = { direct: 'red', escalation: 'yellow', server: 'cyan' } as const;

export function whoText(answer: WhoAnswer, evidence: Evidence, paint: Paint): string {
  const { principals, together } = answer;
  const markOf = exemptMarks(evidence);
  const people = principals.map((principal) => {
    const { kind } = principal;
    const named = namedPrincipal(principal);
    const mark = markOf(named);
    const exempt = mark === undefined ? '' : ` ${paint('green', mark)}`;
    return `${paint('bold', oneLine(principalName(named)))} ${paint(KIND_STYLES[kind], kind)}${exempt}\n${techniqueText(principal, paint)}`;
  });
  const users = principals.filter(({ role }) => role === undefined).length;
  const roles = principals.length - users;
  const closing = `${count(users, 'account')}${roles === 0 ? '' : ` and ${count(roles, 'role')} that a group could be given`} can.`;
  return [
    ...people,
    ...pairTexts(together, paint),
    unlistedTexts(answer, paint),
    evidenceText(evidence, paint),
    paint('bold', closing),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** Accounts that can together and not alone. */
export function pairTexts(together: WhoAnswer['together'], paint: Paint): readonly string[] {
  return together.map(({ definers, readers, view }) => {
    const define = `${someOf(definers)} can define the view ${view} over it and can't read it.`;
    return `${paint('bold', 'Two accounts together')}\n  ${wrap(`${define} ${someOf(readers)} can read the view.`, 2, paint.width)}`;
  });
}

/** Who can't be listed from here. */
export function unlistedTexts({ unenumerable }: Pick<WhoAnswer, 'unenumerable'>, paint: Paint): string {
  return unenumerable.map((who) => paint('dim', `Not listed: ${wrap(who, 12, paint.width)}`)).join('\n');
}

/** The first three. */
function someOf(names: readonly string[]): string {
  const more = names.length - 3;
  return more > 0 ? `${names.slice(0, 3).join(', ')} and ${more} more` : names.join(', ');
}

export interface AskedOfOne {
  /** `name@db` */
  readonly user: string;
  readonly action: string;
  readonly namespace: string;
}

/** The simplest technique; the others add nothing for whoever wants to know whether, and how, and are folded unless `full`. */
export function canText(
  { user, action, namespace }: AskedOfOne,
  techniques: readonly Principal[],
  paint: Paint,
  full: boolean,
): string {
  const [simplest, ...others] = techniques;
  if (simplest === undefined) {
    return paint('green', wrap(`No: ${user} can't ${action} ${namespace} in any way that is known.`, 0, paint.width));
  }
  const shown = (full ? techniques : [simplest]).map(
    (technique) => `${paint(KIND_STYLES[technique.kind], technique.kind)}\n${techniqueText(technique, paint)}`,
  );
  const more = others.length === 0 ? '' : `, and ${count(others.length, 'other way')}`;
  const folded = others.length > 0 && !full ? [paint('dim', '--full shows the other ways.')] : [];
  const by = `${simplest.action} on ${formatResource(simplest.privilege.resource)}${more}`;
  const answer = paint('red', wrap(`Yes: ${user} can ${action} ${namespace} (${by}).`, 0, paint.width));
  return [answer, ...shown, ...folded].join('\n\n');
}

/** The answer about one command: the privileges that it uses, or what it lacks. */
export function runText(user: string, { allowed, uses, missing, why }: RunAnswer, paint: Paint): string {
  const grants = uses.map((grant) => `  ${wrap(grantNames(grant).join(' → '), 4, paint.width)}`);
  const reasons = why.map((reason) => `  ${wrap(reason, 2, paint.width)}`);
  if (allowed) return [paint('red', `Yes: ${user} may run it.`), ...grants, ...reasons].join('\n');
  const lacks = missing.map((what) => `  ${wrap(`it lacks ${what}`, 4, paint.width)}`);
  return [paint('green', `No: ${user} is refused.`), ...lacks, ...reasons].join('\n');
}

/** `  a → b → remove on any database`, then what it does, step by step. */
function techniqueText(
  { path, steps, privilege, action, technique, kind, also }: AskedPrincipal,
  paint: Paint,
): string {
  const names = grantPathOf({ path, steps, privilege, action });
  const besides = also.map((grant) => `  ${wrap(`and ${grantNames(grant).join(' → ')}`, 4, paint.width)}`);
  const sentence = `can ${steps.join(', then ')}`;
  const remedy =
    kind === 'server' && technique.remedy !== undefined
      ? [`  ${paint('dim', wrap(`Remedy: ${technique.remedy}`, 2, paint.width))}`]
      : [];
  return [
    `  ${wrap(names.join(' → '), 4, paint.width)}`,
    ...besides,
    `  ${paint('dim', wrap(sentence, 2, paint.width))}`,
    ...remedy,
  ].join('\n');
}
