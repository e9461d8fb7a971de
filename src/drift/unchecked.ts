/** The parts of a policy that parse and are shown, and that nothing carries out or checks yet: said, never implied. */
import type { Intent } from '../policy/intent.ts';

export function uncheckedParts({ attestations }: Intent): readonly string[] {
  return [...(attestations.length > 0 ? [`attestations: ${attestations.length}`] : [])];
}
