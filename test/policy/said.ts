/** What the compiler says of policy files: one line per problem, the way a person sees it. */
import type { CompileOptions } from '../../src/policy/compile.ts';
import { compile } from '../support/build.ts';

/** `line:column rule: message` for one file; for several, the file's name first. */
export function said(files: string | Readonly<Record<string, string>>, options?: CompileOptions): readonly string[] {
  const { problems } = compile(files, options);
  return problems.map(({ file, line, column, rule, message }) => {
    const where = typeof files === 'string' ? '' : `${file}:`;
    return `${where}${line}:${column} ${rule}: ${message}`;
  });
}
