/** The forms in which findings go to other programs, by the word that `--format` takes. Each is loaded when it is wanted. */
import type { FindingsReport } from '../findings.ts';

const FORMATS = {
  sarif: async () => (await import('./sarif.ts')).sarifFormat,
  junit: async () => (await import('./junit.ts')).junitFormat,
  github: async () => (await import('./github.ts')).githubFormat,
  markdown: async () => (await import('./markdown.ts')).markdownFormat,
  tap: async () => (await import('./tap.ts')).tapFormat,
} as const satisfies Readonly<Record<string, () => Promise<(report: FindingsReport) => string>>>;

export type FindingsFormat = keyof typeof FORMATS;

/** Those for findings alone; `tap` is for what also tells what passed. */
export const FINDINGS_FORMATS: readonly ['sarif', 'junit', 'github', 'markdown'] = [
  'sarif',
  'junit',
  'github',
  'markdown',
];

export async function formatFindings(format: FindingsFormat, report: FindingsReport): Promise<string> {
  const render = await FORMATS[format]();
  return render(report);
}
