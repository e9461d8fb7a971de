/** A file of expectations, run by the model. */
import { Failure } from '../failure.ts';
import type { Problem } from '../policy/problem.ts';
import type { Expectation, ExpectationFile } from './expectation.ts';
import { type JudgeDocument, type Model, type ModelAnswer, modelOf } from './model.ts';
import { type Trial, trialMaker, VACUOUS } from './trial.ts';
import { judgeTrial, type ProofFinding, type TrialResult } from './trial-result.ts';
import { type Subject, type World, type WorldOptions, worldOf } from './world.ts';

/** Trials that are asked of the model, before anybody has judged them. */
export interface AskedExpectation {
  readonly expectation: Expectation;
  readonly asked: readonly { readonly trial: Trial; readonly model: ModelAnswer }[];
  /** Why it could not be asked, or says nothing. */
  readonly problems: readonly Problem[];
}

export interface AskedFile {
  readonly file: ExpectationFile;
  readonly world: World;
  readonly expectations: readonly AskedExpectation[];
  /** What is wrong with what is given. */
  readonly problems: readonly Problem[];
}

export interface ExpectationResult {
  readonly expectation: Expectation;
  readonly status: 'passed' | 'failed' | 'invalid';
  readonly trials: readonly TrialResult[];
  readonly findings: readonly ProofFinding[];
}

export interface FileResult {
  readonly file: ExpectationFile;
  readonly world: World;
  readonly results: readonly ExpectationResult[];
  /** About the file as a whole. */
  readonly problems: readonly Problem[];
}

export interface RunOptions extends WorldOptions {
  readonly judgeDocument: JudgeDocument;
}

/** Asks the model every expectation of the file. Pure. */
export function askFile(file: ExpectationFile, subject: Subject, options: RunOptions): AskedFile {
  const { world, problems } = worldOf(file, subject, options);
  const model = modelOf(world, options.judgeDocument);
  const make = trialMaker(world);
  const expectations = file.expectations.map((expectation): AskedExpectation => {
    const { trials, problems: wrong } = make(expectation);
    return wrong.length > 0 ? { expectation, asked: [], problems: wrong } : ask(expectation, trials, model);
  });
  return { file, world, expectations, problems };
}

function ask(expectation: Expectation, trials: readonly Trial[], model: Model): AskedExpectation {
  try {
    const asked = trials.map((trial) => ({ trial, model: model.ask(trial) }));
    return { expectation, asked, problems: asked.flatMap((one) => vacuous(expectation, one)).slice(0, 1) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const key = expectation.kind === 'run' ? ['run'] : [];
    const message = error.advice === undefined ? error.message : `${error.message}: ${error.advice}`;
    return {
      expectation,
      asked: [],
      problems: [{ rule: 'expectation/command', severity: 'error', message, ...expectation.origin(...key) }],
    };
  }
}

/** A command that nobody is allowed, or that everybody is: whatever the policy says, it comes out the same. */
function vacuous(expectation: Expectation, { trial, model }: AskedExpectation['asked'][number]): readonly Problem[] {
  if (expectation.kind !== 'run' || model.allowed !== trial.wanted || model.fixed === undefined) return [];
  const message = `this can never fail: ${model.fixed}`;
  return [{ rule: VACUOUS, severity: 'error', message, ...expectation.origin('run') }];
}

/** The model's answers against what was expected. */
export function judgeFile({ file, world, expectations, problems }: AskedFile): FileResult {
  const results = expectations.map(({ expectation, asked, problems: wrong }) =>
    resultOf(
      expectation,
      asked.map(({ trial, model }) => judgeTrial(trial, model)),
      wrong,
    ),
  );
  return { file, world, results, problems };
}

/** So many accounts are told of one expectation; who has mended them asks again. */
const MOST_TOLD = 20;

export function resultOf(
  expectation: Expectation,
  trials: readonly TrialResult[],
  problems: readonly Problem[],
): ExpectationResult {
  const all = trials.flatMap(({ findings }) => findings);
  const told: ProofFinding[] = [...problems, ...all.slice(0, MOST_TOLD)];
  const more = all.length - MOST_TOLD;
  if (more > 0) {
    const message = `${more} more accounts, words or places of this expectation fail.`;
    told.push({ rule: 'expectation/failed', severity: 'error', message, ...expectation.origin() });
  }
  const failed = told.some(({ severity }) => severity === 'error');
  const status = problems.length > 0 ? 'invalid' : failed ? 'failed' : 'passed';
  return { expectation, status, trials, findings: told };
}
