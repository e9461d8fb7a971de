/** What leaves a part of a script early, without an error: what stands behind it may not run. */
import type { AnyNode, CallExpression } from 'acorn';
import { immediateBody } from './mongosh-calls.ts';
import { existenceTest, partsOf } from './mongosh-values.ts';

export type WayOut = 'continue' | 'break' | 'return' | 'quit';

/**
 * An error is none of them: a script that fails is mended and run again. Nor is one that ends because a user or role is
 * there already: then what stands behind it was made before.
 */
export function waysOut(part: AnyNode, answers: ReadonlySet<string>): ReadonlySet<WayOut> {
  const within = (inner: AnyNode): ReadonlySet<WayOut> =>
    new Set(partsOf(inner).flatMap((each) => [...waysOut(each, answers)]));
  const without = (inner: AnyNode, own: readonly WayOut[]): ReadonlySet<WayOut> =>
    new Set([...within(inner)].filter((way) => !own.includes(way)));
  switch (part.type) {
    case 'ContinueStatement':
      return new Set(['continue']);
    case 'BreakStatement':
      return new Set(['break']);
    case 'ReturnStatement':
      return new Set(['return']);
    case 'IfStatement':
      return existenceTest(part.test, answers) ? new Set() : within(part);
    case 'CallExpression':
      return quits(part) ? new Set(['quit']) : without(immediateBody(part) ?? part, ['return']);
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return without(part, ['continue', 'break']);
    case 'SwitchStatement':
      return without(part, ['break']);
    default:
      return /Function|^Class/.test(part.type) ? new Set() : within(part);
  }
}

/** `quit()`, `exit()`, `process.exit(0)`; with another number it is an error. */
function quits({ callee, arguments: [code] }: CallExpression): boolean {
  const name =
    callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'process'
      ? callee.property
      : callee;
  if (name.type !== 'Identifier' || (name.name !== 'quit' && name.name !== 'exit')) return false;
  return code === undefined || (code.type === 'Literal' && code.value === 0);
}
