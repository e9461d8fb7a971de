/**
 * What a report is made from: by which program and when, from which policies and which states, whom these exempt, what
 * they only declare, what could not be seen. The same in every report and every format, so that one can be held against
 * another later.
 */
import { unknownRoles } from '../access/assignable.ts';
import type { ReportEvidence as EvidenceJson } from '../generated/output-evidence.ts';
import { policyHash } from '../migrate/policy-hash.ts';
import { groupBy, uniqueByContent } from '../model/keyed.ts';
import { formatUser } from '../model/names.ts';
import type { Intent } from '../policy/intent.ts';
import { reviewDue } from '../policy/review.ts';
import type { ClusterState, Unreadable } from '../state/state.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { serverText } from './state-title.ts';

export type Evidence = EvidenceJson;

/** One thing that lowers the guard. */
export type Lowered = NonNullable<Evidence['lowered']>[number];

export interface EvidenceInput {
  /** When the report is made; absent: the report says nothing about it. */
  readonly now?: Date | undefined;
  /** `YYYY-MM-DD`: by it exemptions have ended and reviews are overdue. */
  readonly today: string;
  /** `mongoward 0.1.0` */
  readonly tool: string;
  /** The policies that counted. */
  readonly policies?: readonly Intent[];
  /** Those of which no more is known than this: in a file, or not valid. */
  readonly others?: readonly { readonly name: string; readonly hash?: string }[];
  /** The states that were looked at. */
  readonly sources?: readonly StateSource[];
  /** What lowers the guard besides what the policies exempt or leave unmanaged. */
  readonly lowered?: readonly Lowered[];
  /** What could not be looked at besides what the states name. */
  readonly unseen?: readonly Unreadable[];
}

/** A state, and where it is from. */
export interface StateSource {
  readonly kind: 'cluster' | 'snapshot' | 'policy';
  /** Never with credentials. */
  readonly name: string;
  readonly state: ClusterState;
}

/** The same input gives the same evidence. */
export function evidenceOf({
  now,
  today,
  tool,
  policies = [],
  others = [],
  sources = [],
  lowered = [],
  unseen = [],
}: EvidenceInput): Evidence {
  const low = [
    ...lowered,
    ...policies.flatMap(unmanagedOf),
    ...policies.flatMap((intent) => acceptedOf(intent, today)),
  ];
  return {
    ...(now && { generatedAt: `${now.toISOString().slice(0, 19)}Z` }),
    tool,
    policies: [
      ...policies.map((intent) => ({ name: intent.policy, hash: policyHash(intent) })),
      ...others.map(({ name, hash }) => ({ name, ...(hash !== undefined && { hash }) })),
    ],
    sources: sources.map(sourceEvidence),
    exemptions: uniqueByContent(policies.flatMap((intent) => exemptionsOf(intent, today))),
    ...(low.length > 0 && { lowered: uniqueByContent(low) }),
    attestations: uniqueByContent(policies.flatMap((intent) => attestationsOf(intent, today))),
    unseen: [
      ...new Map(
        [...unseen, ...sources.flatMap(({ state }) => unseenOf(state))].map(({ what, why }) => [what, { what, why }]),
      ).values(),
    ],
  };
}

/** A role that is granted and defined nowhere may give anything: no answer is whole without it. */
function unseenOf(state: ClusterState): readonly Unreadable[] {
  return [...state.unreadable, ...unknownRoles(state)];
}

function unmanagedOf({ unmanaged }: Intent): readonly Lowered[] {
  return unmanaged.map((what) => ({ kind: 'unmanaged', what, text: `${what} is unmanaged: watched, never changed` }));
}

function acceptedOf({ acceptedRisks }: Intent, today: string): readonly Lowered[] {
  return acceptedRisks
    .filter(({ until }) => until >= today)
    .map(({ rule, target, reason, until }) => ({
      kind: 'acceptedRisk',
      what: `${rule} ${target}`,
      text: `${rule} on ${target} is accepted until ${until}: ${reason}`,
    }));
}

function sourceEvidence({ kind, name, state }: StateSource): Evidence['sources'][number] {
  const { version, edition, topology, simulated } = state.server;
  return {
    kind,
    name,
    server: { version, edition, topology, ...(simulated === true && { simulated }) },
    ...(kind === 'cluster' && state.operator && { readAs: formatUser(state.operator) }),
  };
}

function exemptionsOf({ policy, breakGlass, restrictions }: Intent, today: string): Evidence['exemptions'] {
  return [
    ...breakGlass.map(({ user, reason, until }) => ({
      policy,
      kind: 'breakGlass' as const,
      account: formatUser(user),
      reason,
      until,
      ended: until < today,
    })),
    ...restrictions.flatMap(({ except, on }) =>
      except.map((user) => ({ policy, kind: 'except' as const, account: formatUser(user), on: [...on] })),
    ),
  ];
}

function attestationsOf({ policy, attestations }: Intent, today: string): Evidence['attestations'] {
  return attestations.map(({ control, value, owner, reviewedOn, reviewEvery }) => {
    const dueOn = reviewDue({ reviewedOn, reviewEvery });
    return {
      policy,
      control,
      value,
      owner,
      reviewedOn,
      reviewEvery,
      ...(dueOn !== undefined && { dueOn, overdue: dueOn < today }),
    };
  });
}

const LOWERED_WORDS = {
  rule: 'rule',
  suppression: 'suppression',
  unmanaged: 'unmanaged entry',
  acceptedRisk: 'accepted risk',
  demand: 'overridden demand',
  variable: 'variable',
  breakGlass: 'break-glass account',
  except: 'exception',
} as const;

/**
 * For the last line: `Guard lowered by 1 rule, 2 suppressions.`, or nothing. `told`: what the line says already.
 */
export function loweredText({ lowered = [], exemptions }: Evidence, told: readonly string[] = []): string {
  const kinds = [...lowered, ...exemptions.filter(({ ended }) => ended !== true)].map(({ kind }) => kind);
  const parts = (Object.keys(LOWERED_WORDS) as (keyof typeof LOWERED_WORDS)[]).flatMap((kind) => {
    const number = kinds.filter((each) => each === kind).length;
    return number === 0 || told.includes(kind) ? [] : [count(number, LOWERED_WORDS[kind])];
  });
  return parts.length === 0 ? '' : `Guard lowered by ${parts.join(', ')}.`;
}

/** The accounts that are break-glass today, and the last day of each. */
export function exemptToday({ exemptions }: Evidence): ReadonlyMap<string, string> {
  return new Map(
    exemptions.flatMap(({ kind, account, until = '', ended }) =>
      kind === 'breakGlass' && ended !== true ? [[account, until] as const] : [],
    ),
  );
}

/** One fact of the evidence, for people. */
export interface EvidenceLine {
  readonly label: string;
  readonly text: string;
  /** What somebody has to look at: an exemption that has ended, a review that is overdue, what was not seen. */
  readonly alarming: boolean;
}

const HASH_SHOWN = 16;

/** Everything in order: made, policy, state, exemptions, attestations, what was not seen. */
export function evidenceLines(evidence: Evidence): readonly EvidenceLine[] {
  const { generatedAt, tool, policies, sources, exemptions, lowered = [], attestations, unseen } = evidence;
  const several = policies.length > 1;
  const line = (label: string, text: string, alarming = false): EvidenceLine => ({ label, text, alarming });
  return [
    line('made', generatedAt === undefined ? `by ${tool}` : `${readable(generatedAt)} by ${tool}`),
    ...policies.map(({ name, hash }) =>
      line('policy', hash === undefined ? `"${name}", not valid` : `"${name}", sha256 ${hash.slice(0, HASH_SHOWN)}`),
    ),
    ...sources.map((source) => line(source.kind === 'policy' ? 'state' : source.kind, sourceText(source))),
    ...exemptions.map(exemptionLine).map((each, index) => (several ? within(each, exemptions[index]?.policy) : each)),
    ...lowered.map(({ text }) => line('lowered', text)),
    ...attestations
      .map(attestationLine)
      .map((each, index) => (several ? within(each, attestations[index]?.policy) : each)),
    ...unseen.map(({ what, why }) => line('not seen', `${what}: ${why}`, true)),
  ];
}

function within(line: EvidenceLine, policy: string | undefined): EvidenceLine {
  return { ...line, text: `${line.text} (policy "${policy ?? ''}")` };
}

/** `2026-11-23 12:00:00 UTC` */
function readable(generatedAt: string): string {
  return `${generatedAt.slice(0, 10)} ${generatedAt.slice(11, 19)} UTC`;
}

function sourceText({ kind, name, server, readAs }: Evidence['sources'][number]): string {
  const of = kind === 'policy' ? `what the policy "${name}" alone makes` : name;
  const by = readAs !== undefined ? `, read as ${readAs}` : kind === 'cluster' ? ', read without a login' : '';
  return `${of}, ${serverText({ server })}${by}`;
}

function exemptionLine({ kind, account, on, reason, until, ended }: Evidence['exemptions'][number]): EvidenceLine {
  if (kind === 'except') {
    return { label: 'exempt', text: `${account} from the restriction on ${on?.join(', ') ?? ''}`, alarming: false };
  }
  return ended === true
    ? { label: 'ended', text: `${account} was exempt until ${until}: ${reason}`, alarming: true }
    : { label: 'exempt', text: `${account} until ${until}: ${reason}`, alarming: false };
}

function attestationLine(entry: Evidence['attestations'][number]): EvidenceLine {
  const { control, value, owner, reviewedOn, dueOn, overdue } = entry;
  const due = dueOn === undefined ? '' : overdue === true ? `, overdue since ${dueOn}` : `, due again on ${dueOn}`;
  const text = `${control} ${value}, by ${owner}, reviewed on ${reviewedOn}${due}`;
  return { label: 'declared', text, alarming: overdue === true };
}

function folded(label: string, rest: number): EvidenceLine {
  return { label, text: `and ${rest} more, which --format json lists`, alarming: false };
}

const LABEL_WIDTH = 8;

/** A block for the end of a report, before its last line. `most`: how many lines of one kind are shown; all unless given. */
export function evidenceText(evidence: Evidence, paint: Paint, most = Number.POSITIVE_INFINITY): string {
  return [...groupBy(evidenceLines(evidence), ({ label }) => label).values()]
    .flatMap((lines) => [
      ...lines.slice(0, most),
      ...(lines.length > most ? [folded(lines[0].label, lines.length - most)] : []),
    ])
    .map(({ label, text, alarming }) => {
      const shown = wrap(text, LABEL_WIDTH + 2, paint.width);
      return `${paint(alarming ? 'yellow' : 'dim', label.padEnd(LABEL_WIDTH))}  ${alarming ? shown : paint('dim', shown)}`;
    })
    .join('\n');
}
