/** Tables, and words that more than one page says. */

export const TOPOLOGIES: Readonly<Record<string, string>> = {
  standalone: 'standalone',
  replicaSet: 'replica set',
  sharded: 'two shards behind mongos',
};

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
