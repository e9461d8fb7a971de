/** Nothing unjudged: every action of every catalogue is part of a technique, or is said to be harmless with the reason. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgementOf } from '../../src/access/actions/index.ts';
import { type Circumstances, isByKeys, techniquesOn } from '../../src/access/techniques.ts';
import { CATALOGUES, knownActions } from '../../src/model/catalogue.ts';
import { getOrMake } from '../../src/model/keyed.ts';
import { CLUSTER, collectionTarget, databaseTarget } from '../../src/model/resource.ts';
import { MENDED } from '../support/circumstances.ts';

const SUBJECTS = [collectionTarget({ db: 'audit', collection: 'logs' }), databaseTarget('audit'), CLUSTER];
const EVERYTHING: Circumstances = {
  ...MENDED,
  standalone: true,
  shard: true,
  expires: true,
  capped: true,
  keepsPreImages: true,
  logsDocuments: true,
  views: ['recent'],
  restrictingRoles: ['shop'],
  encryptedState: { esc: 'enxcol_.logs.esc', ecoc: 'enxcol_.logs.ecoc' },
};
const TIME_SERIES = ['no', 'buckets', 'viewless'] as const;

/** By an action, the techniques that require it, in any release, behind a `mongos` or not. */
function techniquesByAction(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const circumstances = CATALOGUES.flatMap(({ version }) =>
    [true, false].flatMap((sharded) =>
      TIME_SERIES.map((timeSeries) => ({ ...EVERYTHING, version, sharded, timeSeries })),
    ),
  );
  for (const each of circumstances) {
    for (const technique of SUBJECTS.flatMap((subject) => techniquesOn(subject, each))) {
      if (isByKeys(technique)) continue;
      for (const { action } of technique.requires) getOrMake(found, action, () => new Set()).add(technique.id);
    }
  }
  return found;
}

for (const { version, actions } of CATALOGUES) {
  test(`every action of MongoDB ${version} is judged`, () => {
    assert.deepEqual(
      [...actions].filter((action) => judgementOf(action) === undefined),
      [],
    );
  });
}

test('what is judged is what techniques require', () => {
  const techniques = techniquesByAction();
  for (const action of knownActions()) {
    const judgement = judgementOf(action);
    const judged = judgement?.kind === 'technique' ? judgement.techniques : [];
    assert.deepEqual(judged, [...(techniques.get(action) ?? [])].sort(), action);
  }
});

test('a reason is one sentence, with its source', () => {
  for (const action of knownActions()) {
    const judgement = judgementOf(action);
    if (judgement?.kind !== 'harmless') continue;
    assert.match(judgement.why, /^[A-Z].*\.$/, action);
    assert.notEqual(judgement.source, '', action);
  }
});

test('an action that no release has is not judged', () => {
  assert.equal(judgementOf('timeTravel'), undefined);
});
