/**
 * A plan as a script for mongosh: the same commands in the same order, for whoever hands them to a database team. It holds
 * no secret. What Mongoward keeps for itself, the ownership record and the journal, it leaves alone.
 */
import { Failure } from '../../failure.ts';
import { escapeHidden } from '../../input/characters.ts';
import { groupBy } from '../../model/keyed.ts';
import { commandFor } from '../../plan/operations/commands.ts';
import { describeOperation } from '../../plan/operations/describe-operation.ts';
import { handlerOf } from '../../plan/operations/handlers.ts';
import {
  type CommandOperation,
  isDataKeyOperation,
  isRecordOperation,
  type Operation,
} from '../../plan/operations/operation.ts';
import { targetKey } from '../../plan/operations/target-key.ts';
import { effective } from '../../plan/operations/targets/validation-target.ts';
import type { Plan } from '../../plan/plan.ts';
import type { SecretReference } from '../../policy/intent.ts';
import { accountChangesText } from '../account-changes-text.ts';
import { type Evidence, evidenceText } from '../evidence.ts';
import { oneLine } from '../layout.ts';
import { plain } from '../paint.ts';
import { warningTexts } from '../plan-text.ts';
import { literal, quoted } from './literal.ts';
import { RUNNER } from './runner.ts';

/** Throws a Failure for a plan that commands alone can't carry out. */
export function mongoshScript({ policy, operations, accounts, warnings }: Plan, evidence: Evidence): string {
  const keys = operations.filter(isDataKeyOperation);
  if (keys.length > 0) {
    throw new Failure('no script can make or rewrap data encryption keys', {
      details: keys.map(describeOperation),
      advice: 'mongoward migrate apply does it, with the encryption library and the credentials of the master key',
    });
  }
  const steps = operations.filter(
    (each): each is CommandOperation => !isDataKeyOperation(each) && !isRecordOperation(each),
  );
  const variables = [...new Set(steps.flatMap((step) => variableOf(step) ?? []))].sort();
  const head = [
    `A plan for the policy "${oneLine(policy)}", for mongosh:`,
    '',
    '    mongosh "mongodb://…" --file plan.js',
    '',
    'Before the first write it looks at every target. It stops if one is no longer what the plan saw, and leaves out what',
    'is in place already, so that it may be run again. It holds no secret.',
    ...(variables.length === 0
      ? []
      : [`Passwords are read from ${variables.join(', ')}, or asked for where these are not set.`]),
    '',
    ...evidenceText(evidence, plain).split('\n'),
    '',
    ...[...accountChangesText(accounts, plain), warningTexts(warnings, plain).join('\n')]
      .join('\n\n')
      .trimEnd()
      .split('\n'),
  ];
  const groups = [...groupBy(steps, targetKey).values()];
  return [
    ...head.map((line) => escapeHidden(`// ${line}`).trimEnd()),
    '',
    'const TARGETS = {',
    ...groups.map((group) => targetText(group)),
    '};',
    '',
    'const STEPS = [',
    ...steps.map((step) => stepText(step, groups)),
    '];',
    RUNNER,
  ].join('\n');
}

type Group = readonly [CommandOperation, ...CommandOperation[]];

/** The object, and the forms that it goes through, from what the plan saw. */
function targetText(group: Group): string {
  const [first] = group;
  const { target } = handlerOf(first.kind);
  const named = namedOf(first);
  const forms = [first.before, ...group.map(({ after }) => after)].map(formOf);
  return `  ${quoted(labelOf(first))}: { kind: ${quoted(target.noun)}, named: ${literal(named)}, forms: ${literal(forms)} },`;
}

function labelOf(operation: Operation): string {
  return `${handlerOf(operation.kind).target.noun} ${operation.target}`;
}

/** How the object is called, part by part. */
function namedOf({ before, after }: CommandOperation): object {
  const form = after ?? before;
  if (form === undefined) throw new Error('an operation without a form');
  if ('index' in form) return { ...form.ns, index: form.index.name };
  if ('ns' in form) return form.ns;
  if ('role' in form) return { role: form.role, db: form.db };
  if ('user' in form) return { user: form.user, db: form.db };
  throw new Error('an entry of the ownership record is no target of a script');
}

/** The form without what the object is called, as the script reads it; null: the object is not there. */
function formOf(form: CommandOperation['before' | 'after']): object | null {
  if (form === undefined) return null;
  if ('index' in form) {
    const { v: _version, ns: _ns, ...index } = form.index;
    return index;
  }
  if ('ns' in form) {
    const { ns: _ns, ...validation } = effective(form);
    return validation;
  }
  if ('role' in form) {
    const { role: _role, db: _db, isBuiltin: _isBuiltin, ...rest } = form;
    return rest;
  }
  if ('user' in form) {
    const { user: _user, db: _db, ...rest } = form;
    return rest;
  }
  throw new Error('an entry of the ownership record is no target of a script');
}

function stepText(step: CommandOperation, groups: readonly Group[]): string {
  const { db, command } = commandFor(step);
  const group = groups.find((each) => each.includes(step)) ?? [step];
  const password = passwordOf(step);
  const parts = [
    `does: ${quoted(describeOperation(step))}`,
    `target: ${quoted(labelOf(step))}`,
    `form: ${group.indexOf(step) + 1}`,
    ...(handlerOf(step.kind).unseen === true ? ['always: true'] : []),
    ...(password === undefined ? [] : [`password: ${literal(password)}`]),
    `db: ${quoted(db)}`,
    `command: ${literal(command)}`,
  ];
  return `  { ${parts.join(', ')} },`;
}

function passwordOf(step: CommandOperation): { readonly user: string; readonly variable?: string } | undefined {
  const reference: SecretReference | undefined = 'password' in step ? step.password : undefined;
  if (reference === undefined) return undefined;
  const variable = variableOf(step);
  return { user: step.target, ...(variable === undefined ? {} : { variable }) };
}

function variableOf(step: CommandOperation): string | undefined {
  const reference: SecretReference | undefined = 'password' in step ? step.password : undefined;
  return reference !== undefined && 'fromEnv' in reference ? reference.fromEnv : undefined;
}
