/** What a policy may demand of the deployment besides authorization, TLS and the version: each a setting and a test. */
import type { ClusterDemands } from '../generated/policy.ts';
import { compareVersions, releaseLine } from '../model/version.ts';
import type { ClusterState, ServerInfo, Settings } from '../state/state.ts';
import type { After, DriftRuleName } from './rules.ts';

/** What stands after `cluster/` in the names of rules. */
export type ClusterRule = After<'cluster', DriftRuleName>;

type Setting = keyof Settings;

interface DeploymentDemand {
  /** The finding's rule is `cluster/` and this. */
  readonly rule: ClusterRule;
  readonly demand: keyof ClusterDemands;
  /** What it rests on, in the words of a state; the server itself is always known. */
  readonly setting?: Setting;
  /** Whether it can be judged, where that is not whether the setting is known. */
  isKnown?(state: ClusterState, wanted: ClusterDemands): boolean;
  /** Why it can't, where that is not that the server did not tell. */
  why?(server: ServerInfo): string;
  /** What is wrong, in a sentence without a full stop; nothing if the demand is met. */
  problem(wanted: ClusterDemands, settings: Settings, server: ServerInfo, today: string): string | undefined;
}

export const DEPLOYMENT_DEMANDS: readonly DeploymentDemand[] = [
  {
    rule: 'end-of-life',
    demand: 'supported',
    isKnown: ({ server }, { supported }) => supported !== true || endOfLife(server.version) !== undefined,
    why: ({ version }) =>
      `until when MongoDB ${releaseLine(version)} gets security fixes is not known to this version of Mongoward: upgrade Mongoward, or take supported out and look after it`,
    problem({ supported }, _settings, { version }, today) {
      const end = endOfLife(version);
      if (supported !== true || end === undefined || end >= today) return undefined;
      return `MongoDB ${releaseLine(version)} has had no security fixes since ${end}: upgrade to a release line that is supported`;
    },
  },
  {
    rule: 'tls-version',
    demand: 'tlsVersion',
    setting: 'tlsVersion',
    isKnown: ({ settings = {} }) => settings.tls === 'disabled' || settings.tlsVersion !== undefined,
    problem: ({ tlsVersion: wanted = '' }, { tlsVersion: actual }) => {
      if (actual === undefined)
        return `the server speaks no TLS, and the policy wants ${wanted} at least: set net.tls.mode`;
      if (compareVersions(actual, wanted) >= 0) return undefined;
      return `the server speaks TLS ${actual}, and the policy wants ${wanted} at least: name older versions under net.tls.disabledProtocols`;
    },
  },
  {
    rule: 'mechanisms',
    demand: 'mechanisms',
    setting: 'mechanisms',
    problem: ({ mechanisms: wanted = [] }, { mechanisms: actual = [] }) =>
      excess(
        actual,
        wanted,
        (list) =>
          `clients may log in by ${list}, which the policy does not name: take it out of authenticationMechanisms`,
      ),
  },
  {
    rule: 'bind-ip',
    demand: 'bindIp',
    setting: 'bindIp',
    problem: ({ bindIp: wanted = [] }, { bindIp: actual = [] }) =>
      excess(
        actual,
        wanted,
        (list) => `the server listens on ${list}, which the policy does not name: take it out of net.bindIp`,
      ),
  },
  switched('localhost-exception', 'localhostException', 'localhostException', {
    on: 'whoever is on the machine may make the first account without a login: set enableLocalhostAuthBypass to false',
    off: 'the localhost exception is off, and the policy wants it on',
  }),
  switched('javascript', 'serverSideJavaScript', 'javascript', {
    on: 'queries may run JavaScript on the server: set security.javascriptEnabled to false',
    off: 'queries may not run JavaScript on the server, and the policy wants that they may',
  }),
  switched('auditing', 'auditing', 'auditing', {
    on: 'the server keeps an audit log, and the policy wants none',
    off: 'the server keeps no audit log of its own: set auditLog.destination (Enterprise, Percona)',
  }),
  switched('encryption-at-rest', 'encryptionAtRest', 'encryptionAtRest', {
    on: 'the server encrypts its files, and the policy wants that it does not',
    off: 'the server does not encrypt its files: set security.enableEncryption (Enterprise, Percona)',
  }),
];

/** Whether the state tells what the demand is about. */
export function canJudge({ setting, isKnown }: DeploymentDemand, wanted: ClusterDemands, state: ClusterState): boolean {
  return isKnown?.(state, wanted) ?? (setting === undefined || state.settings?.[setting] !== undefined);
}

/** From https://www.mongodb.com/legal/support-policy/lifecycles; rapid releases end with the next one. */
const END_OF_LIFE: Readonly<Record<string, string>> = {
  '3.6': '2021-04-30',
  '4.0': '2022-04-30',
  '4.2': '2023-04-30',
  '4.4': '2024-02-29',
  '5.0': '2024-10-31',
  '5.1': '2022-02-28',
  '5.2': '2022-05-31',
  '5.3': '2022-07-31',
  '6.0': '2025-07-31',
  '6.1': '2023-01-31',
  '6.2': '2023-04-30',
  '6.3': '2023-08-31',
  '7.0': '2027-08-31',
  '7.1': '2024-02-29',
  '7.2': '2024-05-31',
  '7.3': '2024-10-31',
  '8.0': '2029-10-31',
  '8.1': '2025-09-30',
};

/** Releases before these have ended with the first of them, at the latest. Nothing for one that is not known. */
function endOfLife(version: string): string | undefined {
  const line = releaseLine(version);
  return END_OF_LIFE[line] ?? (compareVersions(line, '3.6') < 0 ? END_OF_LIFE['3.6'] : undefined);
}

function excess(
  actual: readonly string[],
  wanted: readonly string[],
  sentence: (list: string) => string,
): string | undefined {
  const more = actual.filter((each) => !wanted.includes(each));
  return more.length === 0 ? undefined : sentence(more.join(', '));
}

type Switch = 'localhostException' | 'serverSideJavaScript' | 'auditing' | 'encryptionAtRest';

function switched(
  rule: ClusterRule,
  demand: Switch,
  setting: 'localhostException' | 'javascript' | 'auditing' | 'encryptionAtRest',
  sentences: { readonly on: string; readonly off: string },
): DeploymentDemand {
  return {
    rule,
    demand,
    setting,
    problem(wanted, settings) {
      const actual = settings[setting] === true;
      return actual === (wanted[demand] === 'enabled') ? undefined : sentences[actual ? 'on' : 'off'];
    },
  };
}
