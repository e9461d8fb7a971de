/** Expectations tried on a server: the model's answers are there already, the server's are held against them. */
import { randomBytes } from 'node:crypto';
import type { MongoClient } from 'mongodb';
import { liveCluster } from '../cluster/live-cluster.ts';
import { withCredentials } from '../cluster/uri.ts';
import type { ExpectationFile } from '../expect/expectation.ts';
import type { ModelAnswer } from '../expect/model.ts';
import type { Probe } from '../expect/probes.ts';
import type { AskedServer } from '../expect/report.ts';
import { type AskedFile, askFile, type FileResult, resultOf } from '../expect/run.ts';
import type { Trial } from '../expect/trial.ts';
import { judgeTrial, type ServerAnswer, type TrialResult } from '../expect/trial-result.ts';
import type { Subject } from '../expect/world.ts';
import { type UserRef, userKey } from '../model/names.ts';
import { satisfies } from '../model/version.ts';
import type { Intent } from '../policy/intent.ts';
import type { ServerInfo } from '../state/state.ts';
import { type Answered, answerTo } from './answer.ts';
import { cleanedUp } from './cleaned-up.ts';
import { clusterStage } from './cluster-stage.ts';
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
  const password = newPassword();
  const { env, download = false, today, say } = options;
  say('Starting a server');
  return withLocalServer({ root: { user: SET_UP.user, password }, env, download }, async (server) => {
    const info = await serverInfo(server, password);
    let fresh = true;
    const results = await proveFiles(files, info, options, (asked) => {
      const stage = localStage(server, password, asked, { today, fresh });
      fresh = false;
      return stage;
    });
    const notes = policiesOf(files).flatMap((intent) => localPolicy(intent).notes);
    const { label, simulated } = server;
    return {
      results,
      server: {
        label,
        simulated,
        version: info.version,
        notes: [...notes, ...releases(files, info), ...untried(results)],
      },
    };
  });
}

export interface ClusterProveOptions extends Pick<ProveOptions, 'today' | 'say'> {
  readonly client: MongoClient;
  /** What the client was made from. */
  readonly uri: string;
  /** For people. */
  readonly label: string;
}

/** The same on a test cluster that is there, in databases of its own, which are removed afterwards. */
export async function proveAgainst(files: readonly TestedFile[], options: ClusterProveOptions): Promise<Proof> {
  const { client, uri, label } = options;
  const password = newPassword();
  const info = (await liveCluster(client, uri).read()).server;
  const access = { client, uri: (user: string, secret: string, db: string) => withCredentials(uri, user, secret, db) };
  const results = await proveFiles(files, info, options, (asked) => clusterStage(access, password, asked));
  const notes = [
    'Databases, roles and accounts have names of their own there, and no policy is applied to any other account',
  ];
  return {
    results,
    server: {
      label,
      simulated: info.simulated === true,
      version: info.version,
      notes: [...notes, ...releases(files, info), ...untried(results)],
    },
  };
}

function newPassword(): string {
  return randomBytes(18).toString('base64url');
}

async function proveFiles(
  files: readonly TestedFile[],
  server: ServerInfo,
  { today, say }: Pick<ProveOptions, 'today' | 'say'>,
  stageOf: (asked: AskedFile) => Promise<Stage>,
): Promise<readonly FileResult[]> {
  const results: FileResult[] = [];
  for (const { file, subject } of files) {
    say(`Trying ${file.file}`);
    const asked = askFile(file, subject, { today, judgeDocument, server });
    // What is given contradicts the policy: there is no server that has both.
    if (asked.problems.length > 0) {
      results.push(await proveFile(asked, undefined));
      continue;
    }
    const stage = await stageOf(asked);
    results.push(
      await cleanedUp(
        () => stage.close(),
        () => proveFile(asked, stage),
      ),
    );
  }
  return results;
}

function untried(results: readonly FileResult[]): readonly string[] {
  return results
    .filter(({ problems }) => problems.length > 0)
    .map(({ file }) => `Nothing of ${file.file} was tried there: what is given can't be set up with the policies`);
}

function policiesOf(files: readonly TestedFile[]): readonly Intent[] {
  return [...new Set(files.flatMap(({ subject }) => subject.policies))];
}

function releases(files: readonly TestedFile[], { version: actual }: ServerInfo): readonly string[] {
  return policiesOf(files).flatMap(({ policy, cluster: { version } }) =>
    version === undefined || satisfies(actual, version)
      ? []
      : [`This is MongoDB ${actual}, and the policy "${policy}" demands ${version}`],
  );
}

/** The server's word on everything that the model has been asked; without a stage nothing is tried. */
export async function proveFile(asked: AskedFile, stage: Stage | undefined): Promise<FileResult> {
  const { file, world, problems, expectations } = asked;
  const tried = stage && remembering(stage);
  const results = [];
  for (const { expectation, asked: trials, problems: wrong } of expectations) {
    results.push(resultOf(expectation, await proveTrials(trials, tried), wrong));
  }
  return { file, world, results, problems };
}

type Asked = AskedFile['expectations'][number]['asked'];

/** A stage on which an account sends a command once, for as long as the server is the same. */
interface Tryout extends Pick<Stage, 'translated' | 'restore'> {
  answer(user: UserRef, probe: Probe, sent: Probe): Promise<Answered>;
}

function remembering(stage: Stage): Tryout {
  const known = new Map<string, Promise<Answered>>();
  return {
    translated: stage.translated,
    answer: (user, probe, sent) => {
      const key = JSON.stringify([userKey(user), probe.db, probe.command]);
      const answer = known.get(key) ?? stage.as(user).then((client) => answerTo(client, probe, sent));
      known.set(key, answer);
      return answer;
    },
    restore: () => {
      known.clear();
      return stage.restore();
    },
  };
}

/** Accounts that are to be refused try at once; what is to be allowed may change something, and is tried alone. */
async function proveTrials(trials: Asked, stage: Tryout | undefined): Promise<readonly TrialResult[]> {
  if (stage === undefined) return trials.map(({ trial, model }) => judgeTrial(trial, model, []));
  const judged = async ({ trial, model }: Asked[number]) => {
    const { answers, changed } = await tryOut(trial, model, stage);
    return { result: judgeTrial(trial, model, answers), changed };
  };
  if (trials.every(({ trial }) => !trial.wanted)) {
    const all = await Promise.all(trials.map(judged));
    if (all.some(({ changed }) => changed)) await stage.restore();
    return all.map(({ result }) => result);
  }
  const results: TrialResult[] = [];
  for (const each of trials) {
    const { result, changed } = await judged(each);
    if (changed) await stage.restore();
    results.push(result);
  }
  return results;
}

interface Tried {
  readonly answers: readonly ServerAnswer[];
  /** Something may be otherwise on the server now. */
  readonly changed: boolean;
}

async function tryOut(trial: Trial, model: ModelAnswer, stage: Tryout): Promise<Tried> {
  const answers: ServerAnswer[] = [];
  let changed = false;
  for (const probe of probesOf(trial, model)) {
    const sent = stage.translated(probe);
    if (sent === undefined) {
      answers.push({ ...probe, outcome: 'untried', words: 'it is not sent to a cluster that others use' });
      continue;
    }
    const answered = await stage.answer(trial.user, probe, sent);
    answers.push(byRights(trial, answered.answer));
    changed ||= answered.changed;
  }
  return { answers, changed };
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
