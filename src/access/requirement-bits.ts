/** Requirements numbered, so that what a role meets is one number. Those of the same structure are one. */

import { getOrMake } from '../model/keyed.ts';
import type { Privilege } from '../model/privilege.ts';
import type { Resource } from '../model/resource.ts';
import { reaches, type Scope, scopeKey } from './scope.ts';
import { type Requirement, requirementText, type Technique } from './techniques.ts';

interface OnScope {
  readonly on: Scope;
  /** The bits of the requirements on it, by their actions. */
  readonly bits: Map<string, bigint>;
  /** All of them. */
  all: bigint;
}

interface WithAction {
  readonly bit: bigint;
  readonly at: OnScope;
}

export class RequirementBits {
  /** By the keys of the scopes, which are texts that are kept: one of each requirement would be made and hashed anew. */
  readonly #scopes = new Map<string, OnScope>();
  readonly #byAction = new Map<string, WithAction[]>();
  readonly #techniques = new Map<Technique, bigint>();

  constructor(requirements: readonly Requirement[]) {
    let count = 0n;
    for (const { action, on } of requirements) {
      const at = getOrMake(this.#scopes, scopeKey(on), (): OnScope => ({ on, bits: new Map(), all: 0n }));
      if (at.bits.has(action)) continue;
      const bit = 1n << count;
      count += 1n;
      at.bits.set(action, bit);
      at.all |= bit;
      getOrMake(this.#byAction, action, (): WithAction[] => []).push({ bit, at });
    }
  }

  /** The bits of these requirements, all of which were given to the constructor. */
  maskOf(requirements: readonly Requirement[]): bigint {
    return requirements.reduce((mask, requirement) => {
      const bit = this.#scopes.get(scopeKey(requirement.on))?.bits.get(requirement.action);
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
