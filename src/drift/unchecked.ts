/** The parts of a policy that parse and are shown, and that nothing carries out or checks yet: said, never implied. */
import type { Intent } from '../policy/intent.ts';

export function uncheckedParts({ restrictions, attestations }: Intent): readonly string[] {
  const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
  return [
    ...(restrictions.length > 0
      ? [`restrictions: ${count(restrictions.length, 'entry').replace('entrys', 'entries')}`]
      : []),
    ...(attestations.length > 0 ? [`attestations: ${attestations.length}`] : []),
  ];
}
