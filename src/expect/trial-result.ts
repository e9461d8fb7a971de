/** Whether a trial came out as it was expected, by the model and by a server, and what to say where it did not. */
import { EVERY_OUTCOME } from '../access/techniques.ts';
import { formatNamespace, formatUser } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import type { Position, Severity } from '../policy/problem.ts';
import { grantPath, type ModelAnswer } from './model.ts';
import type { Probe } from './probes.ts';
import type { Trial } from './trial.ts';

/** What a server said to one command. */
export interface ServerAnswer extends Probe {
  /** `untried`: the sandbox does not know the command, or nothing could be sent. */
  readonly outcome: 'allowed' | 'refused' | 'untried';
  /** Its own words, on one line. */
  readonly words: string;
  /** Whether what refused was the validator of the collection. */
  readonly byValidator?: true;
}

/** Something to say about an expectation: a failure is an error. */
export interface ProofFinding extends Position {
  readonly rule: string;
  readonly severity: Severity;
  /** One sentence or more. */
  readonly message: string;
  readonly grantPath?: readonly string[];
}

export interface TrialResult {
  readonly trial: Trial;
  readonly model: ModelAnswer;
  /** One for each command that was sent; absent where only the model was asked. */
  readonly server?: readonly ServerAnswer[];
  readonly findings: readonly ProofFinding[];
}

export const FAILED = 'expectation/failed';
export const DISAGREEMENT = 'expectation/disagreement';
export const WEAKNESS = 'expectation/weakness';

export function judgeTrial(trial: Trial, model: ModelAnswer, server?: readonly ServerAnswer[]): TrialResult {
  const tried = server?.filter(({ outcome }) => outcome !== 'untried') ?? [];
  const differing = model.uncertain === true ? [] : tried.filter((answer) => isOtherwise(answer, model));
  const findings = [
    ...failures(trial, model, tried, differing.length > 0),
    ...(differing.length === 0 ? [] : [disagreement(trial, differing)]),
    ...(model.weakness === undefined || trial.wanted ? [] : [weakness(trial, model, model.weakness)]),
  ];
  return { trial, model, ...(server === undefined ? {} : { server }), findings };
}

function isOtherwise({ command, db, outcome }: ServerAnswer, { probes }: ModelAnswer): boolean {
  const probe = probes.find((each) => each.command === command && each.db === db);
  return probe !== undefined && probe.allowed !== (outcome === 'allowed');
}

function failures(
  trial: Trial,
  model: ModelAnswer,
  tried: readonly ServerAnswer[],
  disagree: boolean,
): readonly ProofFinding[] {
  const byModel = modelFailure(trial, model);
  const byServer = tried.length === 0 ? undefined : serverFailure(trial, tried);
  if (byModel === undefined && byServer === undefined) return [];
  // Where both fail and agree, the model's sentence tells more, and the server's words prove it.
  const words = byServer === undefined || disagree ? '' : ` ${byServer}`;
  const message = byModel === undefined ? `${byServer}` : `${byModel}${words}`;
  return [finding(trial, FAILED, 'error', message, byModel === undefined ? undefined : model)];
}

function modelFailure(trial: Trial, model: ModelAnswer): string | undefined {
  const who = formatUser(trial.user);
  if (trial.kind === 'document' && !trial.wanted && !model.allowed && model.byValidator !== true) {
    return `The validator of ${formatNamespace(trial.into)} was not asked: ${who} ${listed(model.refusals)}.`;
  }
  if (model.allowed === trial.wanted) return undefined;
  if (trial.wanted) return `${who} may not ${whatIsDone(trial)}: it ${listed(model.refusals)}.`;
  const what = whatIsDone(trial);
  if (trial.kind !== 'outcome') return `${who} may ${what}. It is expected to be refused.`;
  return `${who} can ${what}${model.does === undefined || model.does === what ? '' : `: it can ${model.does}`}.`;
}

function serverFailure(trial: Trial, tried: readonly ServerAnswer[]): string | undefined {
  const allowed = tried.find(({ outcome }) => outcome === 'allowed');
  const refused = tried.find(({ outcome }) => outcome === 'refused');
  const who = formatUser(trial.user);
  if (trial.kind === 'document' && !trial.wanted && refused !== undefined && refused.byValidator !== true) {
    return `The server did not ask the validator: ${refused.words}.`;
  }
  if ((allowed !== undefined) === trial.wanted) return undefined;
  if (trial.wanted) return `The server refuses it: ${refused?.words ?? ''}.`;
  return `The server takes ${nameOf(allowed)} from ${who}: ${allowed?.words ?? ''}.`;
}

function disagreement(trial: Trial, [first]: readonly ServerAnswer[]): ProofFinding {
  const who = formatUser(trial.user);
  const allows = first?.outcome === 'allowed';
  const model = allows ? 'refuses' : 'allows';
  const message = `MODEL AND SERVER DISAGREE. The model ${model} ${nameOf(first)} to ${who} on ${first?.db}, and the server ${allows ? 'takes it' : `says: ${first?.words}`}. This is a bug in mongoward. Report it with this output, the policy and the server's version.`;
  return finding(trial, DISAGREEMENT, 'error', message);
}

function weakness(trial: Trial, model: ModelAnswer, remedy: string): ProofFinding {
  const message = `${formatUser(trial.user)} can ${whatIsDone(trial)} by a weakness of the release: it can ${model.does}. No grant decides that. Remedy: ${remedy}.`;
  return finding(trial, WEAKNESS, 'warning', message, model);
}

function finding(
  { origin }: Trial,
  rule: string,
  severity: Severity,
  message: string,
  model?: ModelAnswer,
): ProofFinding {
  const [grant] = model?.uses ?? [];
  return { rule, severity, message, ...(grant === undefined ? {} : { grantPath: grantPath(grant) }), ...origin() };
}

/** After "may" or "can": `insert into audit.logs`, `find on audit.logs`, `run delete on audit`. */
export function whatIsDone(trial: Trial): string {
  switch (trial.kind) {
    case 'outcome':
      return `${OUTCOME_TEXT[trial.word]} ${trial.place}`;
    case 'action':
      return `${trial.word} on ${trial.place}`;
    case 'run':
      return `run ${Object.keys(trial.command)[0]} on ${trial.db}`;
    case 'document':
      return `insert this document into ${formatNamespace(trial.into)}`;
  }
}

const OUTCOME_TEXT: Readonly<Record<Outcome, string>> = {
  ...(Object.fromEntries(EVERY_OUTCOME.map((outcome) => [outcome, outcome])) as Record<Outcome, string>),
  insert: 'insert into',
  suppress: 'suppress documents of',
};

function nameOf(answer: Probe | undefined): string {
  return Object.keys(answer?.command ?? {})[0] ?? 'it';
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? 'is refused' : texts.join(' and ');
}
