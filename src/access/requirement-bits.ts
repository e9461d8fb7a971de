/** Requirements numbered, so that what a role meets is one number. Those of the same structure are one. */
import type { Privilege } from '../model/privilege.ts';
import { reaches } from './scope.ts';
import { type Requirement, requirementKey, requirementText } from './techniques.ts';

export class RequirementBits {
  readonly #bits = new Map<string, bigint>();
  readonly #byAction = new Map<string, { readonly bit: bigint; readonly requirement: Requirement }[]>();

  constructor(requirements: readonly Requirement[]) {
    for (const requirement of requirements) {
      const key = requirementKey(requirement);
      if (this.#bits.has(key)) continue;
      const bit = 1n << BigInt(this.#bits.size);
      this.#bits.set(key, bit);
      const list = this.#byAction.get(requirement.action) ?? [];
      list.push({ bit, requirement });
      this.#byAction.set(requirement.action, list);
    }
  }

  /** The bits of these requirements, all of which were given to the constructor. */
  maskOf(requirements: readonly Requirement[]): bigint {
    return requirements.reduce((mask, requirement) => {
      const bit = this.#bits.get(requirementKey(requirement));
      if (bit === undefined) throw new Error(`not prepared for ${requirementText(requirement)}`);
      return mask | bit;
    }, 0n);
  }

  /** The requirements that these privileges meet. `anyAction` stands for every action. */
  metBy(privileges: readonly Privilege[]): bigint {
    let mask = 0n;
    for (const { resource, actions } of privileges) {
      const lists = actions.includes('anyAction')
        ? [...this.#byAction.values()]
        : actions.map((action) => this.#byAction.get(action));
      for (const list of lists) {
        for (const { bit, requirement } of list ?? []) if (reaches(requirement.on, resource)) mask |= bit;
      }
    }
    return mask;
  }
}
