/** What the model answers to trials: by the same analysis as `who`, `can` and the protections, prepared once for a world. */
import { assessHoldings, holdingsOf, type Principal } from '../access/analysis.ts';
import { circumstancesOf } from '../access/circumstances.ts';
import type { Condition } from '../access/commands/index.ts';
import { grantNames } from '../access/grant-paths.ts';
import { commandJudge, type JudgedCommand } from '../access/may-run.ts';
import { onTarget } from '../access/scope.ts';
import { simplestFirst, type Technique, techniqueOfAction, techniquesOn } from '../access/techniques.ts';
import { knownAccounts } from '../access/who.ts';
import { roleGraph } from '../model/graph.ts';
import { formatNamespace, type Namespace } from '../model/names.ts';
import { formatTarget, type Resource, type Target } from '../model/resource.ts';
import type { User } from '../model/role.ts';
import { fromExtendedJson } from '../state/extended-json.ts';
import { findCollection } from '../state/lookup.ts';
import type { CollectionOptions } from '../state/state.ts';
import { type Probe, probeOfAction, probesOfOutcome } from './probes.ts';
import type { Trial } from './trial.ts';
import type { World } from './world.ts';

/** A grant that was used: `user@db`, then roles by inheritance, and at the end the privilege. */
export interface UsedGrant {
  readonly path: readonly string[];
  readonly action: string;
  readonly resource: Resource;
}

export interface ModelAnswer {
  readonly allowed: boolean;
  /** After "can": `delete documents of audit.logs`. Only of what is allowed. */
  readonly does?: string;
  readonly uses: readonly UsedGrant[];
  /** What is lacking, or why it is refused, each after the name of the account: `lacks insert on audit.logs`. */
  readonly refusals: readonly string[];
  /** Refused by a collection's validator, and not for want of a right. */
  readonly byValidator?: true;
  /** It takes first giving itself other rights, or becoming another account. */
  readonly escalation?: true;
  /** What the release lets through, whatever the grants are, with the remedy. */
  readonly weakness?: string;
  /** Why the answer is the same whatever anybody holds, where it is. */
  readonly fixed?: string;
  /** It hangs on what is known only when it happens: a server may answer otherwise. */
  readonly uncertain?: true;
  /** Commands that show it, each with the model's own answer. */
  readonly probes: readonly (Probe & { readonly allowed: boolean })[];
}

/**
 * The word of a collection's validator about a document, in its own words; nothing if it takes it. The document is as it
 * would be stored.
 */
export type JudgeDocument = (options: CollectionOptions, document: unknown) => string | undefined;

export interface Model {
  /** Throws a Failure for a command that is not known, or that no server would understand. */
  ask(trial: Trial): ModelAnswer;
}

export function modelOf(world: World, judgeDocument: JudgeDocument): Model {
  const { state } = world;
  const judge = commandJudge(state);
  const accounts = knownAccounts(state);
  const holdings = holdingsOf(accounts, roleGraph(accounts.roles, state.server.version));
  const reached = new Map<string, ReadonlyMap<User, Principal>>();
  /** Who can by one of the techniques, each by the first that serves. */
  const whoCan = (key: string, techniques: () => readonly Technique[]): ReadonlyMap<User, Principal> => {
    const known = reached.get(key);
    if (known !== undefined) return known;
    const asked = techniques();
    const found = new Map(
      assessHoldings(holdings, asked)
        .who(asked)
        .map((principal) => [principal.user, principal]),
    );
    reached.set(key, found);
    return found;
  };
  const onSubject = new Map<string, readonly Technique[]>();
  const techniquesAt = (on: Target): readonly Technique[] => {
    const key = targetKey(on);
    const known = onSubject.get(key) ?? techniquesOn(on, circumstancesOf(state, on));
    onSubject.set(key, known);
    return known;
  };

  const judged = (user: User, { command, db }: Probe): JudgedCommand => judge(user, command, db);
  const probed = (user: User, probes: readonly Probe[]) =>
    probes.map((probe) => ({ ...probe, answer: judged(user, probe) }));

  const askOutcome = (trial: Trial & { readonly kind: 'outcome' }): ModelAnswer => {
    const { user, word, on, wanted } = trial;
    const tried = probed(user, probesOfOutcome(word, on));
    const probes = tried.map(({ command, db, answer }) => ({ command, db, allowed: answer.allowed }));
    if (wanted && tried.length > 0) {
      // What an account is to do in its work, it must be able to do in the plain way.
      const found = tried.find(({ answer }) => answer.allowed)?.answer ?? tried[0]?.answer;
      return { ...ofCommand(found as JudgedCommand), probes };
    }
    const principal = whoCan(`${word} ${targetKey(on)}`, () =>
      simplestFirst(techniquesAt(on).filter(({ outcomes }) => outcomes.includes(word))),
    ).get(user);
    return { ...ofPrincipal(principal), probes };
  };

  const askAction = ({ user, word, on }: Trial & { readonly kind: 'action' }): ModelAnswer => {
    const probe = probeOfAction(word, on);
    const probes = probed(user, probe === undefined ? [] : [probe]);
    const principal = whoCan(`${word} ${targetKey(on)} action`, () => [techniqueOfAction(word, onTarget(on))]).get(
      user,
    );
    const refusals = principal === undefined ? [`lacks ${word} on ${targetText(on)}`] : [];
    return {
      ...ofPrincipal(principal),
      refusals,
      probes: probes.map(({ command, db, answer }) => ({ command, db, allowed: answer.allowed })),
    };
  };

  const askCommand = (user: User, command: Probe['command'], db: string): ModelAnswer => {
    const answer = judged(user, { command, db });
    const byRights = ofCommand(answer);
    const stored = answer.allowed ? insertedBy(command, db) : undefined;
    const words = stored?.documents.map((document) => validatorWord(stored.into, document)).find(isText);
    const refused = words === undefined || stored === undefined ? byRights : refusedBy(stored.into, words);
    return { ...refused, probes: [{ command, db, allowed: refused.allowed }] };
  };

  const validatorWord = (into: Namespace, document: unknown): string | undefined => {
    const collection = findCollection(state, into);
    return collection === undefined ? undefined : judgeDocument(collection.options, fromExtendedJson(document));
  };

  return {
    ask: (trial) => {
      switch (trial.kind) {
        case 'outcome':
          return askOutcome(trial);
        case 'action':
          return askAction(trial);
        case 'run':
          return askCommand(trial.user, trial.command, trial.db);
        case 'document': {
          const { user, document, into } = trial;
          return askCommand(user, { insert: into.collection, documents: [document] }, into.db);
        }
      }
    },
  };
}

interface Stored {
  readonly into: Namespace;
  readonly documents: readonly unknown[];
}

/** What a command would store that a validator has a word about. */
function insertedBy(command: Probe['command'], db: string): Stored | undefined {
  const { insert, documents, bypassDocumentValidation } = command;
  if (typeof insert !== 'string' || !Array.isArray(documents) || bypassDocumentValidation === true) return undefined;
  return { into: { db, collection: insert }, documents };
}

function refusedBy(into: Namespace, words: string): ModelAnswer {
  const refusals = [`is refused by the validator of ${formatNamespace(into)}: ${words}`];
  return { allowed: false, byValidator: true, uses: [], refusals, probes: [] };
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}

function ofCommand({ allowed, uses, missing, why, demands }: JudgedCommand): ModelAnswer {
  return {
    allowed,
    uses: uses.map(({ path, action, privilege }) => ({ path, action, resource: privilege.resource })),
    refusals: allowed ? [] : [...missing.map((what) => `lacks ${what}`), ...why],
    ...(hasUnknown(demands) ? { uncertain: true } : {}),
    ...(demands.kind === 'always' || demands.kind === 'never' ? { fixed: demands.why } : {}),
    probes: [],
  };
}

function ofPrincipal(principal: Principal | undefined): ModelAnswer {
  if (principal === undefined) return { allowed: false, uses: [], refusals: [], probes: [] };
  const { kind, steps, path, privilege, action, also, technique } = principal;
  const uses = [{ path, privilege, action }, ...also].map((grant) => ({
    path: grant.path,
    action: grant.action,
    resource: grant.privilege.resource,
  }));
  const does = steps.join(', then ');
  const answer = { does, uses, refusals: [], probes: [] };
  if (kind !== 'server') return { allowed: true, ...answer, ...(kind === 'escalation' ? { escalation: true } : {}) };
  return { allowed: false, ...answer, weakness: technique.remedy ?? 'upgrade the server' };
}

function hasUnknown(condition: Condition): boolean {
  if (condition.kind === 'all' || condition.kind === 'any') return condition.of.some(hasUnknown);
  return condition.kind === 'unknown';
}

/** `lacks` names the same place as the grants do. */
function targetText(on: Target): string {
  return on.kind === 'database' ? `database ${on.db}` : formatTarget(on);
}

function targetKey(on: Target): string {
  return `${on.kind} ${formatTarget(on)}`;
}

/** `app@admin`, `readWrite@audit`, `remove on audit.*` */
export function grantPath({ path, action, resource }: UsedGrant): readonly string[] {
  return grantNames({ path, action, privilege: { resource } });
}
