/** What the commands that report findings have in common: the same forms of output, from the same files. */
import type { FindingsReport } from '../report/findings.ts';
import { FINDINGS_FORMATS, type FindingsFormat, formatFindings } from '../report/formats/index.ts';
import { VERSION } from './package-version.ts';
import { ruleHelp } from './rule-pages.ts';

export const REPORT_FORMATS = ['text', 'json', ...FINDINGS_FORMATS] as const;

interface Forms {
  text(): string;
  json(): string;
  findings(facts: Pick<FindingsReport, 'version' | 'ruleHelp'>): FindingsReport;
}

export async function rendered(format: 'text' | 'json' | FindingsFormat, forms: Forms): Promise<string> {
  switch (format) {
    case 'text':
      return forms.text();
    case 'json':
      return forms.json();
    default:
      return formatFindings(format, forms.findings({ version: VERSION, ruleHelp }));
  }
}
