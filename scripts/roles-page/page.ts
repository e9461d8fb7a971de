/** docs/what-roles-can-do.md: what roles and single actions reach that their names don't say. */

import { TECHNIQUES } from '../../src/access/actions/by-technique.ts';
import { HARMLESS } from '../../src/access/actions/harmless.ts';
import { requirementText, type Technique } from '../../src/access/techniques.ts';
import { formatRole } from '../../src/model/names.ts';
import type { Outcome } from '../../src/model/outcomes.ts';
import { UNTRIED } from '../../test/live/attacks/untried.ts';
import { type Evidence, evidence, recordedRuns } from './evidence.ts';
import { INSTEAD, INSTEAD_OF_ROLE } from './instead.ts';
import { TOPOLOGIES, table } from './markdown.ts';
import {
  ELSEWHERE,
  EVERY_RELEASE,
  HOME,
  holdersOf,
  LINES,
  type Offer,
  offers,
  type Reach,
  reaches,
  releasesText,
} from './offered.ts';
import { exchangeText } from './shell.ts';

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  read: 'see stored documents',
  insert: 'add documents',
  alter: 'change or remove stored documents',
  destroy: 'drop the collection, rename it away, let it expire, cap it',
  unseal: 'get plaintext past a validator, or weaken the validator',
  suppress: "make the legitimate writer's documents fail or vanish",
  administer: 'change roles and users that can reach it',
};

const PLACES: Readonly<Record<Offer['topology'], string>> = {
  any: '',
  sharded: 'behind mongos only',
  'not sharded': 'not behind mongos',
};

export function rolesPage(root: string): string {
  const runs = recordedRuns(root);
  const known = evidence(runs);
  const all = offers();
  return `<!-- Generated from src/access/ and test/truth/ by \`npm run generate\`. Do not edit. -->
# What MongoDB's roles and actions can do

MongoDB's manual says what each role is for. This page says what else it reaches: of a collection \`audit.logs\`, which
stands for any collection that somebody relies on. The account of its writer lives in the database \`${HOME}\`;
\`${ELSEWHERE}\` stands for any other one. The page is made from the data by which Mongoward decides. To ask about a
cluster or policy of yours: \`mongoward policy who alter audit.logs\`.

What can be brought about:

${table(['Outcome', 'What it is'], Object.entries(OUTCOMES))}

Releases: ${LINES.join(', ')}. Tried on: ${runs.map(({ server }) => `${server.version} (${topologyText(server.topology)})`).join(', ')}. An account
that held exactly what a technique takes brought it about there, and was refused with any less. 5.1 and 8.3 were builds of
their development. 4.4 was tried before, without a record of each answer.

## Roles

Each role was granted alone. Only what its holder can do without anybody's help is told. Of each outcome the simplest
techniques come first.

${reaches().map(roleSection).join('\n\n')}

## Actions

${Object.keys(TECHNIQUES)
  .sort()
  .map((action) => actionSection(action, all))
  .join('\n\n')}

### Actions by which nothing comes about

${table(
  ['Action', 'Why', 'Source'],
  HARMLESS.map(({ actions, why, source }) => [actions.map(code).join(', '), why, source]),
)}

## Techniques

${all.map((offer) => techniqueSection(offer, known.get(offer.technique.id))).join('\n\n')}
`;
}

function placeText({ topology, onConfigShard }: Offer): string {
  if (topology !== 'not sharded' || onConfigShard.lines.length === 0) return PLACES[topology];
  return `behind mongos only where a config server is a shard (${releasesText(onConfigShard)})`;
}

function roleSection({ role, techniques }: Reach): string {
  const rows = (Object.keys(OUTCOMES) as Outcome[]).flatMap((outcome) => {
    const found = techniques
      .filter(({ technique }) => technique.kind !== 'escalation' && technique.outcomes.includes(outcome))
      .sort((a, b) => a.technique.requires.length - b.technique.requires.length);
    if (found.length === 0) return [];
    return [[outcome, found.map(reachText).join(', ')]];
  });
  const escalations = techniques.filter(({ technique }) => technique.kind === 'escalation');
  if (escalations.length > 0) rows.unshift(['every one, as anybody', escalations.map(reachText).join(', ')]);
  return `### ${formatRole(role)}\n\n${table(['Outcome', 'By'], rows)}\n\nInstead: ${said(INSTEAD_OF_ROLE, role.role)}`;
}

function reachText({ technique, releases, topology }: Reach['techniques'][number]): string {
  const limits = [releasesText(releases), topology === 'sharded' ? 'sharded' : ''];
  const told = limits.filter((limit) => limit !== '' && limit !== EVERY_RELEASE);
  return told.length === 0 ? link(technique.id) : `${link(technique.id)} (${told.join(', ')})`;
}

function actionSection(action: string, all: readonly Offer[]): string {
  const of = all.filter(({ technique }) => technique.requires.some((required) => required.action === action));
  const rows = of.map(({ technique, releases }) => {
    const besides = technique.requires.filter((required) => required.action !== action).map(requirementText);
    return [
      link(technique.id),
      technique.outcomes.join(', '),
      besides.map(code).join(', ') || 'nothing',
      releasesText(releases),
    ];
  });
  const holders = holdersOf(action);
  const held =
    holders.length === 0
      ? 'No role of MongoDB but those with every action holds it.'
      : `Held by ${holders.map(code).join(', ')}.`;
  return `### ${action} (action)\n\n${held}\n\n${table(['Technique', 'Outcomes', 'Takes besides', 'Releases'], rows)}\n\nInstead: ${said(INSTEAD, action)}`;
}

function techniqueSection(offer: Offer, known: Evidence | undefined): string {
  const { technique, setting, releases } = offer;
  const where = [releasesText(releases), placeText(offer), setting];
  return [
    `### ${technique.id}`,
    `Who holds ${technique.requires.map((each) => code(requirementText(each))).join(' and ')} can ${technique.does}.${KINDS[technique.kind]}`,
    `- Outcomes: ${outcomesText(technique)}`,
    `- Offered: ${where.filter((part) => part !== '').join(', ')}`,
    `- ${known === undefined ? `Not in the recorded runs: ${untried(technique.id)}` : `Tried: ${triedText(known)}`}`,
    ...(technique.remedy === undefined ? [] : [`- Remedy: ${technique.remedy}`]),
    ...(known === undefined ? [] : [exampleText(known)]),
  ]
    .join('\n')
    .replace(/^(### .*)\n/, '$1\n\n')
    .replace('\n- Outcomes', '\n\n- Outcomes');
}

const KINDS: Readonly<Record<Technique['kind'], string>> = {
  direct: '',
  escalation: ' First it gives itself other privileges.',
  server: ' It is a weakness of the release, not of a grant.',
};

function outcomesText({ outcomes }: Technique): string {
  return outcomes.length === Object.keys(OUTCOMES).length ? 'every one' : outcomes.join(', ');
}

function triedText({ tried }: Evidence): string {
  return tried.map(([line, topologies]) => `${line} (${topologies.map(topologyText).join(', ')})`).join(', ');
}

function exampleText({ line, example: { held, sent } }: Evidence): string {
  const body = sent.map(exchangeText).join('\n');
  return `\n\`\`\`js\n// MongoDB ${line}; held: ${held.join(', ')}\n${body}\n\`\`\``;
}

function untried(id: string): string {
  return UNTRIED[id] ?? 'offered by none of the servers there; tried on 4.4, or it takes a member of a set of its own';
}

function topologyText(topology: string): string {
  return TOPOLOGIES[topology] ?? topology;
}

function link(id: string): string {
  return `[${id}](#${id.toLowerCase()})`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function said(sentences: Readonly<Record<string, string>>, name: string): string {
  const sentence = sentences[name];
  if (sentence === undefined) throw new Error(`say in scripts/roles-page/instead.ts what to do instead of ${name}`);
  return sentence;
}
