/** Actions that no release knows, and that can only be one misspelt: what `--fix` writes instead. */
import { isKnownAction, knownActions } from '../model/catalogue.ts';
import { soleNearest } from '../policy/nearest.ts';
import { type DocumentPath, type Problem, parsePointer } from '../policy/problem.ts';
import type { SourceFile } from '../policy/source.ts';
import type { Edit } from './rule.ts';

/** The problem as it is, or with its mend; several unknown actions of one line are mended by the first that is told. */
export function withMend(
  problem: Problem,
  sources: readonly SourceFile[],
): Problem & { readonly fix?: readonly Edit[] } {
  if (problem.rule !== 'document/unknown-action') return problem;
  const source = sources.find(({ file }) => file === problem.file);
  const path = parsePointer(problem.path);
  const edits =
    source === undefined ? [] : actionsAt(source, path).flatMap((action, index) => mend(source, path, action, index));
  return edits.length === 0 ? problem : { ...problem, fix: edits };
}

function mend(source: SourceFile, path: DocumentPath, action: string, index: number): Edit[] {
  const meant = isKnownAction(action) ? undefined : soleNearest(action, knownActions());
  if (meant === undefined) return [];
  return [{ kind: 'replace', at: source.locate([...path, 'allow', index]), value: meant }];
}

/** The list of actions of the privilege that stands there. */
function actionsAt({ data }: SourceFile, path: DocumentPath): readonly string[] {
  const allow = [...path, 'allow'].reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.entries(value).find(([key]) => key === String(part))?.[1];
  }, data);
  return Array.isArray(allow) ? allow.map(String) : [];
}
