/** What a lint rule is: data that says what it is about, and a pure function that looks. */

import type { Principal } from '../access/analysis.ts';
import type { TechniqueKind } from '../access/techniques.ts';
import type { RoleGraph } from '../model/graph.ts';
import type { Namespace, RoleRef, UserRef } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import type { Privilege } from '../model/privilege.ts';
import type { Target } from '../model/resource.ts';
import type { Intent, IntentRole, Origin } from '../policy/intent.ts';

import type { Position, Severity } from '../policy/problem.ts';
import type { SourceFile } from '../policy/source.ts';
import type { ClusterState } from '../state/state.ts';
import type { LocatedViolation } from './linted-policies.ts';

/** How much a rule's findings weigh; `off`: the rule is not asked. */
export type Level = Severity | 'off';

interface RuleFacts {
  /** `family/what`; the rule's file and its page are named after it. */
  readonly name: string;
  /** One sentence, without a full stop: what is wrong. */
  readonly description: string;
  /** In the preset `recommended`. */
  readonly recommended: Level;
  /** In the preset `strict`, where it is not the same. */
  readonly strict?: Level;
  /** Where the demand comes from: MongoDB's manual, a benchmark, the audit-trail guide, what was tried. */
  readonly source: string;
}

/** A rule that looks at a policy that compiled. */
export interface CheckingRule extends RuleFacts {
  readonly kind: 'checks';
  check(context: LintContext): readonly RuleFinding[];
}

/** A rule whose findings come about elsewhere: while files are read and compiled, or while suppressions are matched. */
export interface ReportedRule extends RuleFacts {
  readonly kind: 'reported';
  /** Without what it demands a policy can't be compiled: its level can't be lowered. */
  readonly fatal: boolean;
}

export type LintRule = CheckingRule | ReportedRule;

/** One thing that a rule has found. */
export interface RuleFinding {
  /** One sentence: what could happen, to whom, and how to mend it. */
  readonly message: string;
  /** The line that a person has to change. */
  readonly at: Origin;
  /** The grant path: user, roles, privilege. */
  readonly grantPath?: readonly string[];
  /** Weighs less than the rule's level says, never more. */
  readonly severity?: Severity;
  /** It is about what the policy leaves unsaid: a note in the preset `recommended`, a warning in `strict`. */
  readonly unsaid?: boolean;
  /** The line holds a secret: nothing may show it. */
  readonly secret?: boolean;
  /** Only where there is one right answer. All edits of a fix are made, or none. */
  readonly fix?: readonly Edit[];
}

/** A change of one place of a policy file. Comments and layout around it stay. */
export type Edit =
  /** Another scalar in the place of the value there. */
  | { readonly kind: 'replace'; readonly at: Position; readonly value: string }
  /** The list item, or the map's entry, with everything in it. */
  | { readonly kind: 'remove'; readonly at: Position }
  /** A comment, by its range in the text; the line too if nothing else stands on it. */
  | { readonly kind: 'erase'; readonly file: string; readonly range: readonly [start: number, end: number] };

/** A line of a policy that grants a privilege. */
export interface PrivilegeLine {
  readonly entry: IntentRole;
  readonly privilege: Privilege;
  readonly at: Origin;
}

/** What rules look at. What is dear is computed when it is first asked for, and shared between the rules. */
export interface LintContext {
  readonly intent: Intent;
  /** All policies of the run, this one among them. */
  readonly policies: readonly Intent[];
  /** The files of the policy as data with positions, variables not yet replaced. */
  readonly files: readonly SourceFile[];
  /** Whether every file and every entry of the policy came through: only then is what isn't here nowhere. */
  readonly complete: boolean;
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** The oldest server release that the policy may meet. */
  readonly version: string;
  /** A cluster that has exactly what the policy says. */
  readonly state: ClusterState;
  /** Custom and built-in roles of that release. */
  readonly graph: RoleGraph;
  /**
   * What violates a policy of the run, this one or another, by a line of this one: the same check as for a cluster.
   * Without what the plan takes from adopted accounts, which is no fault of the policy.
   */
  violations(): readonly LocatedViolation[];
  /** Whether the account violates something, or would if the plan did not rewrite it. */
  isIntruder(user: UserRef): boolean;
  /** The accounts of the policy that can bring about an outcome there, by any technique or by those of one kind, break-glass accounts included. */
  who(outcome: Outcome, target: Target, kind?: TechniqueKind): readonly Principal[];
  /**
   * The roles of the policy outside admin that no account holds and no role inherits, and that let whoever is given them
   * bring an outcome about there, each with what that takes.
   */
  unheldRolesThat(outcome: Outcome, target: Target): readonly { readonly role: RoleRef; readonly does: string }[];
  /** Whether the account still can, once the plan has rewritten those that are adopted. */
  canOnceRewritten(user: UserRef, outcome: Outcome, ns: Namespace): boolean;
  /** Every privilege that a role of the policy grants, unless break-glass accounts alone hold the role. */
  privilegeLines(): readonly PrivilegeLine[];
  /** Whether a protection or an exclusive `access` is broken by this very line: that is told there, and more urgent. */
  isTold(at: Origin): boolean;
  /** Whether the account is break-glass today: named as such, and its date has not passed. */
  isBreakGlass(user: UserRef): boolean;
  /** Whether some account of the policy holds the role, itself or by inheritance. */
  isHeld(role: RoleRef): boolean;
  /** Whether an account that is not break-glass holds the role, or nobody does yet: then it may be granted to anybody. */
  isExposed(role: RoleRef): boolean;
  /** The line that grants what a principal's first step rests on: a privilege's entry, or the role's where it is held. */
  grantOf(principal: Principal): Origin;
}
