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
      const text = await formatFindings(
        format,
        forms.findings({ version: VERSION, ruleHelp, evidence: forms.evidence }),
      );
      terminal.out(text, ...(format === 'github' ? (['commands'] as const) : []));
    }
  }
}
