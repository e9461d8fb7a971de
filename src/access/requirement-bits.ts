/** Requirements numbered, so that what a role meets is one number. Those of the same structure are one. */

import { getOrMake } from '../model/keyed.ts';
import type { Privilege } from '../model/privilege.ts';
import type { Resource } from '../model/resource.ts';
import { reaches, type Scope, scopeKey } from './scope.ts';
import { type Requirement, requirementKey, requirementText, type Technique } from './techniques.ts';

interface OnScope {
  readonly on: Scope;
  /** The bits of all requirements on it, whatever their actions. */
  all: bigint;
}

export class RequirementBits {
  readonly #bits = new Map<string, bigint>();
  readonly #scopes = new Map<string, OnScope>();
  readonly #byAction = new Map<string, { readonly bit: bigint; readonly at: OnScope }[]>();
  readonly #techniques = new Map<Technique, bigint>();

  constructor(requirements: readonly Requirement[]) {
    for (const requirement of requirements) {
      const key = requirementKey(requirement);
      if (this.#bits.has(key)) continue;
      const bit = 1n << BigInt(this.#bits.size);
      this.#bits.set(key, bit);
      const at = this.#scopes.get(scopeKey(requirement.on)) ?? { on: requirement.on, all: 0n };
      this.#scopes.set(scopeKey(requirement.on), at);
      at.all |= bit;
      const list = this.#byAction.get(requirement.action);
      if (list === undefined) this.#byAction.set(requirement.action, [{ bit, at }]);
      else list.push({ bit, at });
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

  /** The bits of all that the technique takes. */
  maskOfTechnique(technique: Technique): bigint {
    const known = this.#techniques.get(technique);
    if (known !== undefined) return known;
    const mask = this.maskOf(technique.requires);
    this.#techniques.set(technique, mask);
    return mask;
  }

  /** The requirements that these privileges meet. `anyAction` stands for every action. */
  metBy(privileges: readonly Privilege[]): bigint {
    let mask = 0n;
    for (const { resource, actions } of privileges) {
      mask |= actions.includes('anyAction') ? this.#reachedFrom(resource) : this.#metOn(resource, actions);
    }
    return mask;
  }

  #reachedFrom(resource: Resource): bigint {
    let mask = 0n;
    for (const { on, all } of this.#scopes.values()) if (reaches(on, resource)) mask |= all;
    return mask;
  }

  /** Built-in roles list dozens of actions on one resource, and the scopes are few. */
  #metOn(resource: Resource, actions: readonly string[]): bigint {
    const reached = new Map<OnScope, boolean>();
    let mask = 0n;
    for (const action of actions) {
      for (const { bit, at } of this.#byAction.get(action) ?? []) {
        if (getOrMake(reached, at, () => reaches(at.on, resource))) mask |= bit;
      }
    }
    return mask;
  }
}
