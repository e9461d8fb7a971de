/** What a snapshot leaves out, and what to do about it: whoever put it together by hand is told. */

/** Why a part of a snapshot is unknown. `part` is a key of the snapshot, or a path of keys (`settings.tls`). */
export function leftOut(part: string): string {
  const add = part === 'objects' ? 'add "objects": [] if no policy was ever applied to that cluster' : `add "${part}"`;
  return `the snapshot leaves ${part.includes('.') ? 'it' : 'them'} out: ${add}, or take a whole one by mongoward cluster snapshot`;
}
