/** The parts of a policy that parse and are shown, and that nothing carries out or checks yet: said, never implied. */
import { formatNamespace } from '../model/names.ts';
import type { Intent } from '../policy/intent.ts';

export function uncheckedParts({ collections, attestations }: Intent): readonly string[] {
  const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
  return [
    ...collections.flatMap(({ ns, encryption }) =>
      encryption === undefined
        ? []
        : [`encryption of ${formatNamespace(ns)}: ${count(Object.keys(encryption.fields).length, 'field')}`],
    ),
    ...(attestations.length > 0 ? [`attestations: ${attestations.length}`] : []),
  ];
}
