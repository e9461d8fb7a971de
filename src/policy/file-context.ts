/** What the compilation of one file shares: the file, and the list that problems go to. */
import type { PartOrigin } from './intent.ts';
import type { DocumentPath, Problem } from './problem.ts';
import type { SourceFile } from './source.ts';

export interface FileContext {
  readonly source: SourceFile;
  origin(path: DocumentPath): PartOrigin;
  problem(rule: string, path: DocumentPath, message: string): void;
}

export function fileContext(source: SourceFile, problems: Problem[]): FileContext {
  return {
    source,
    origin:
      (path) =>
      (...below) =>
        source.locate([...path, ...below]),
    problem: (rule, path, message) => {
      problems.push({ rule, severity: 'error', message, ...source.locate(path) });
    },
  };
}
