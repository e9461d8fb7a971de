/** What the commands that report findings have in common: the same forms of output, from the same files. */
import type { Evidence } from '../report/evidence.ts';
import type { Facts, FindingsReport } from '../report/findings.ts';
import { FINDINGS_FORMATS, type FindingsFormat, formatFindings } from '../report/formats/index.ts';
import { VERSION } from './package-version.ts';
import { ruleHelp } from './rule-pages.ts';
import type { Terminal } from './terminal.ts';

export const REPORT_FORMATS = ['text', 'json', ...FINDINGS_FORMATS] as const;

interface Forms {
  readonly evidence: Evidence;
  text(): string;
  json(): string;
  findings(facts: Facts): FindingsReport;
  /** Where Markdown is more than the findings in a table. */
  markdown?(): string;
}

export async function printReport(
  terminal: Terminal,
  format: 'text' | 'json' | FindingsFormat,
  forms: Forms,
): Promise<void> {
  switch (format) {
    case 'text':
      terminal.out(forms.text());
      return;
    case 'json':
      terminal.out(forms.json());
      return;
    default: {
      if (format === 'markdown' && forms.markdown !== undefined) return terminal.out(forms.markdown());
      const text = await formatFindings(
        format,
        forms.findings({ version: VERSION, ruleHelp, evidence: forms.evidence }),
      );
      terminal.out(text, ...(format === 'github' ? (['commands'] as const) : []));
    }
  }
}
