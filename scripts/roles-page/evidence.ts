/** How each technique is known: what was sent to real servers and answered, as the live suite recorded it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareVersions, releaseLine } from '../../src/model/version.ts';
import type { RecordedTechnique, RecordedTechniques } from '../../test/live/attacks/record.ts';

export interface Evidence {
  /** By release line, oldest first, the topologies on which it was brought about. */
  readonly tried: readonly (readonly [string, readonly string[]])[];
  /** One of these runs, of the newest release. */
  readonly example: RecordedTechnique;
  readonly line: string;
}

const FILES = /^techniques-.*\.json$/;
const TOPOLOGIES = ['standalone', 'replicaSet', 'sharded'];

export function recordedRuns(root: string): readonly RecordedTechniques[] {
  const folder = join(root, 'test/truth');
  return readdirSync(folder)
    .filter((name) => FILES.test(name))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as RecordedTechniques)
    .sort(
      (a, b) =>
        compareVersions(a.server.version, b.server.version) ||
        TOPOLOGIES.indexOf(a.server.topology) - TOPOLOGIES.indexOf(b.server.topology),
    );
}

/** By technique; techniques that no run brought about are absent. */
export function evidence(runs: readonly RecordedTechniques[]): ReadonlyMap<string, Evidence> {
  const found = new Map<string, Evidence>();
  for (const { server, techniques } of runs) {
    const line = releaseLine(server.version);
    for (const example of techniques) {
      const known = found.get(example.technique);
      const before = known?.tried.filter(([other]) => other !== line) ?? [];
      const same = known?.tried.find(([other]) => other === line)?.[1] ?? [];
      // A collection shows more plainly than a time series what is done.
      const better = known === undefined || known.line !== line || (known.example.timeSeries && !example.timeSeries);
      found.set(example.technique, {
        tried: [...before, [line, [...new Set([...same, server.topology])]]],
        example: better ? example : known.example,
        line,
      });
    }
  }
  return found;
}
