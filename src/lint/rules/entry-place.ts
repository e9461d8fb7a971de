/** Places in a policy's files: a part of an entry, beginning at where the entry stands. */
import { isKnownAction } from '../../model/catalogue.ts';
import type { Intent, Origin } from '../../policy/intent.ts';
import { type DocumentPath, parsePointer } from '../../policy/problem.ts';
import type { LintContext } from '../rule.ts';

/** `partOf(context, collection.origin, ['encryption', 'kms'])`; the nearest part above it, if it is not there. */
export function partOf({ files }: LintContext, entry: Origin, path: DocumentPath): Origin {
  return () => {
    const whole = entry();
    const source = files.find(({ file }) => file === whole.file);
    return source?.locate([...parsePointer(whole.path), ...path]) ?? whole;
  };
}

/** Where a key of the top level stands, in the first file that has it; nothing if no file has. */
export function topLevel({ files }: LintContext, key: keyof Intent | 'metadata'): Origin | undefined {
  const source = files.find(({ data }) => typeof data === 'object' && data !== null && key in data);
  return source && (() => source.locate([key]));
}

/** What is written there, variables not replaced; nothing if it is not there. */
export function writtenAt({ files }: LintContext, entry: Origin, path: DocumentPath): unknown {
  const whole = entry();
  const source = files.find(({ file }) => file === whole.file);
  return [...parsePointer(whole.path), ...path].reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.entries(value).find(([key]) => key === String(part))?.[1];
  }, source?.data);
}

/** Whether every role and action that the policy names exists: if not, that is to be mended before asking who holds what. */
export function isSettled({ intent, complete, graph }: LintContext): boolean {
  return (
    complete &&
    [...intent.roles, ...intent.users].every(({ grants }) =>
      grants.every((grant) =>
        grant.kind === 'role' ? graph.role(grant.role) !== undefined : grant.privilege.actions.every(isKnownAction),
      ),
    )
  );
}
