/** `policy diff`: effective access gained and lost between two policies, snapshots or clusters. */

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { knownAccounts, unseenShards } from '../access/who.ts';
import { isConnectionString } from '../cluster/uri.ts';
import { readText, SNAPSHOT_LIMIT } from '../files/read-file.ts';
import { accessDiff, betweenPolicies } from '../plan/access-diff.ts';
import { resolve as resolveIntent } from '../plan/desired.ts';
import { placesNamed, policyState } from '../plan/policy-state.ts';
import type { Intent } from '../policy/intent.ts';
import { accessDiffText } from '../report/access-diff-text.ts';
import { accessDiffJson } from '../report/access-json.ts';
import type { StateSource } from '../report/evidence.ts';
import { jsonText } from '../report/json-text.ts';
import type { ClusterState } from '../state/state.ts';
import { defineCommand } from './command.ts';
import { withConfig, withFormat, withTimes } from './common-options.ts';
import { reportEvidence, withTimestamp } from './evidence.ts';
import { type Config, loadConfig } from './files.ts';
import { type CommonArguments, loadActual, loadIntent } from './inputs.ts';
import type { Terminal } from './terminal.ts';

export const policyDiff = defineCommand({
  command: 'diff <old> <new>',
  describe: 'Show which access accounts gain and lose between two policies, snapshots or clusters',
  examples: [
    ['$0 policy diff before.json policies/ --fail-on-gain', 'A gate for pull requests'],
    ['$0 policy diff monday.json prod', 'What has changed on a cluster since a snapshot'],
  ],
  options: (yargs) =>
    withTimestamp(withFormat(withTimes(withConfig(yargs)), ['text', 'json']))
      .positional('old', { type: 'string', demandOption: true, describe: 'Policy, snapshot, or cluster' })
      .positional('new', { type: 'string', demandOption: true, describe: 'Policy, snapshot, or cluster' })
      .option('fail-on-gain', { type: 'boolean', default: false, describe: 'Exit with 1 if anybody gains access' })
      .option('full', { type: 'boolean', default: false, describe: 'Show everything that is lost, too' }),
  run: async (args, terminal) => {
    const config = loadConfig(terminal, args.config);
    const before = await loadSide(terminal, args, config, args.old);
    const after = await loadSide(terminal, args, config, args.new);
    const unseen =
      'intent' in before && 'intent' in after
        ? betweenPolicies(before.intent, after.intent, terminal.today)
        : undefined;
    const diff = accessDiff(stateOf(before, after, terminal), stateOf(after, before, terminal), unseen);
    const sides = [before, after];
    const evidence = reportEvidence(terminal, args, {
      policies: sides.flatMap((side) => ('intent' in side ? side.intent : [])),
      sources: sides.flatMap((side) => ('state' in side ? side : [])),
      unseen: sides.flatMap((side) => ('state' in side ? unseenShards(side.state) : [])),
    });
    terminal.out(
      args.format === 'json'
        ? jsonText(accessDiffJson(diff, evidence))
        : `${accessDiffText(diff, evidence, terminal.paint, args.full)}\n`,
    );
    return args.failOnGain && diff.gains ? 1 : 0;
  },
});

type Side = StateSource | { readonly intent: Intent };

/**
 * A policy beside a cluster or a snapshot is what it makes of that: it says nothing about the accounts that it does not
 * name. Beside another policy it makes the same places. Throws a Failure if the roles or users of a state are unknown.
 */
function stateOf(side: Side, other: Side, { today }: Terminal): ClusterState {
  if ('state' in side) {
    knownAccounts(side.state);
    return side.state;
  }
  return 'state' in other
    ? resolveIntent(side.intent, other.state, { today }).desired
    : policyState(side.intent, { today, places: placesNamed(other.intent) });
}

/** A cluster of the configuration or a URI, a snapshot (a file that says so), else a policy. */
async function loadSide(terminal: Terminal, args: CommonArguments, config: Config, side: string): Promise<Side> {
  const { config: _config, var: variables, timeout, deadline } = args;
  const common = { var: variables, timeout, deadline };
  if (isConnectionString(side) || Object.hasOwn(config.data.clusters ?? {}, side)) {
    return loadActual(terminal, { ...common, cluster: side }, config, { indexesOf: [] });
  }
  const stats = statSync(resolve(terminal.cwd, side), { throwIfNoEntry: false });
  if (stats?.isFile() === true && side.endsWith('.json') && !isPolicy(terminal, side)) {
    return loadActual(terminal, { ...common, snapshot: side }, config);
  }
  return { intent: loadIntent(terminal, { ...common, policy: [side] }, config) };
}

function isPolicy(terminal: Terminal, file: string): boolean {
  return /"apiVersion"\s*:/.test(readText(resolve(terminal.cwd, file), file, SNAPSHOT_LIMIT).slice(0, 4096));
}
