/** Expectations tried on a server: the model's answers are there already, the server's are held against them. */
import { randomBytes } from 'node:crypto';
import type { ExpectationFile } from '../expect/expectation.ts';
import type { ModelAnswer } from '../expect/model.ts';
import type { AskedServer } from '../expect/report.ts';
import { type AskedFile, askFile, type FileResult, type RunOptions, resultOf } from '../expect/run.ts';
import type { Trial } from '../expect/trial.ts';
import { judgeTrial, type ServerAnswer, type TrialResult } from '../expect/verdict.ts';
import type { Subject } from '../expect/world.ts';
import { satisfies } from '../model/version.ts';
import { answerTo } from './answer.ts';
import { judgeDocument } from './judge-document.ts';
import { localPolicy, SET_UP } from './local-policy.ts';
import { type LocalServerOptions, withLocalServer } from './local-server.ts';
import { localStage, type Stage, serverInfo } from './stage.ts';

export interface TestedFile {
  readonly file: ExpectationFile;
  readonly subject: Subject;
}

export interface ProveOptions extends Pick<LocalServerOptions, 'env' | 'download'> {
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** Told what is under way. */
  say(what: string): void;
}

export interface Proof {
  readonly results: readonly FileResult[];
  readonly server: AskedServer;
}

/**
 * Starts a server of its own, and tries every file there, one after the other. A real mongod if one is found or a
 * download is asked for, else the sandbox. Throws a Failure if a policy can't be applied on it.
 */
export async function prove(files: readonly TestedFile[], options: ProveOptions): Promise<Proof> {
  const password = randomBytes(18).toString('base64url');
  const { env, download = false, today, say } = options;
  say('Starting a server');
  return withLocalServer({ root: { user: SET_UP.user, password }, env, download }, async (server) => {
    const info = await serverInfo(server, password);
    const results: FileResult[] = [];
    for (const { file, subject } of files) {
      say(`Trying ${file.file} on ${server.label}`);
      const asked = askFile(file, subject, { today, judgeDocument, server: info } satisfies RunOptions);
      // What is given contradicts the policy: there is no server that has both.
      const stage = asked.problems.length > 0 ? undefined : await localStage(server, password, asked, today);
      try {
        results.push(await proveFile(asked, stage));
      } finally {
        await stage?.close();
      }
    }
    const intents = [...new Set(files.flatMap(({ subject }) => subject.policies))];
    const notes = [
      ...intents.flatMap((intent) => localPolicy(intent).notes),
      ...intents.flatMap(({ policy, cluster: { version } }) =>
        version === undefined || satisfies(info.version, version)
          ? []
          : [`it is MongoDB ${info.version}, and the policy "${policy}" demands ${version}`],
      ),
    ];
    const { label, simulated } = server;
    return { results, server: { label, simulated, version: info.version, notes: [...new Set(notes)] } };
  });
}

/** The server's word on everything that the model has been asked; without a stage nothing is tried. */
export async function proveFile(asked: AskedFile, stage: Stage | undefined): Promise<FileResult> {
  const { file, world, problems, expectations } = asked;
  const results = [];
  for (const { expectation, asked: trials, problems: wrong } of expectations) {
    const judged: TrialResult[] = [];
    for (const { trial, model } of trials) {
      judged.push(judgeTrial(trial, model, stage === undefined ? [] : await tryOut(trial, model, stage)));
    }
    results.push(resultOf(expectation, judged, wrong));
  }
  return { file, world, results, problems };
}

async function tryOut(trial: Trial, model: ModelAnswer, stage: Stage): Promise<readonly ServerAnswer[]> {
  const answers: ServerAnswer[] = [];
  let changed = false;
  for (const probe of probesOf(trial, model)) {
    const sent = stage.translated(probe);
    if (sent === undefined) {
      answers.push({ ...probe, outcome: 'untried', words: 'it is not sent to a cluster that others use' });
      continue;
    }
    const answered = await answerTo(await stage.as(trial.user), probe, sent);
    answers.push(byRights(trial, answered.answer));
    changed ||= answered.changed;
  }
  if (changed) await stage.restore();
  return answers;
}

/** Where one of several commands is enough, one that the model allows: the others may do harm, and prove nothing more. */
function probesOf({ wanted }: Trial, { probes }: ModelAnswer): ModelAnswer['probes'] {
  const allowed = probes.find((probe) => probe.allowed);
  return wanted && allowed !== undefined ? [allowed] : probes;
}

/** Outcomes and actions are a matter of rights: whoever is refused by a validator had them. */
function byRights({ kind }: Trial, answer: ServerAnswer): ServerAnswer {
  if (answer.byValidator !== true || kind === 'run' || kind === 'document') return answer;
  return { ...answer, outcome: 'allowed' };
}
