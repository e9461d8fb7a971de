/** The recorded runs of the techniques as a table, for docs/mongodb-versions.md. */
import type { RecordedTechniques } from '../../test/live/attacks/record.ts';
import { recordedRuns } from './evidence.ts';
import { TOPOLOGIES, table } from './markdown.ts';

export function runsTable(root: string): string {
  const head = ['MongoDB', 'Topology', 'Techniques brought about', 'Not offered there', 'Not tried there'];
  return table(head, recordedRuns(root).map(row));
}

const NOT_OFFERED = /^no (?:technique on|time series before) /;

function row({ server, techniques, notTried }: RecordedTechniques): readonly string[] {
  const offered = notTried.filter(({ why }) => !NOT_OFFERED.test(why));
  return [
    server.version,
    TOPOLOGIES[server.topology] ?? server.topology,
    String(techniques.length),
    String(notTried.length - offered.length),
    byReason(offered) || 'none',
  ];
}

/** `takes a replica set: oplog, reconfigure` */
function byReason(notTried: RecordedTechniques['notTried']): string {
  const reasons = [...new Set(notTried.map(({ why }) => why))];
  return reasons
    .map((reason) => {
      const those = notTried.filter(({ why }) => why === reason);
      return `${reason}: ${those.map(({ technique, timeSeries }) => (timeSeries ? `${technique} (time series)` : technique)).join(', ')}`;
    })
    .join('. ');
}
