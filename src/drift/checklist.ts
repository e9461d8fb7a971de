/**
 * The audit-trail guide's checklist, point by point: what a cluster's state proves, what people declare, and what nobody
 * can tell from here. The guide is Mia-Platform's page "Security" on audit trails.
 */
import { reviewProblem } from '../policy/review.ts';
import {
  type ChecklistInput,
  type ChecklistPoint,
  type Context,
  capital,
  type Judged,
  type Point,
} from './checklist/point.ts';
import { POINTS } from './checklist/points.ts';

export { type ChecklistInput, type ChecklistPoint, type PointStatus, STATUS_WORDS } from './checklist/point.ts';

/** The points in the guide's order. Pure. */
export function checklist(input: ChecklistInput): readonly ChecklistPoint[] {
  const trails = input.intent.collections.filter(({ protection }) => protection === 'append-only');
  const context = { ...input, trails };
  return POINTS.map((point) => {
    const { id, group, title } = point;
    const { evidence, ...judged } = judge(point, context);
    return { id, group, title, ...judged, evidence: shortened(evidence) };
  });
}

/** More names than this nobody reads here: the matrix has all of them. */
const MOST_SENTENCES = 8;

function shortened(evidence: readonly string[]): readonly string[] {
  const rest = evidence.length - MOST_SENTENCES;
  return rest <= 0 ? evidence : [...evidence.slice(0, MOST_SENTENCES), `And ${rest} more like these.`];
}

function judge({ seen, control }: Point, context: Context): Judged {
  const observed = seen?.(context);
  const stated = control === undefined ? undefined : declared(control, context);
  if (observed === undefined || observed.status === 'unknown') {
    if (stated !== undefined) return stated;
    const why = observed?.evidence ?? ["MongoDB can't show it."];
    const advice = control === undefined ? [] : [`Declare it under attestations, as ${control}.`];
    return { status: 'unknown', evidence: [...why, ...advice] };
  }
  return stated === undefined ? observed : { ...observed, evidence: [...observed.evidence, ...stated.evidence] };
}

function declared(control: string, { intent, today }: Context): Judged | undefined {
  const entry = intent.attestations.find((each) => each.control === control);
  if (entry === undefined) return undefined;
  const { value, owner, reviewedOn, evidence: link } = entry;
  const fact = `${owner} declares: ${value}. Last reviewed on ${reviewedOn}.`;
  const problem = reviewProblem(entry, today);
  return {
    status: problem === undefined ? 'declared' : 'failed',
    evidence: problem === undefined ? [fact] : [fact, `${capital(problem)}.`],
    ...(link !== undefined && { link }),
  };
}
