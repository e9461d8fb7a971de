/** The drift report for people. */
import type { DriftFinding } from '../drift/finding.ts';
import type { DriftReport } from '../drift/report.ts';
import type { ScanResult } from '../drift/scan-findings.ts';
import { type Evidence, evidenceText, loweredText } from './evidence.ts';
import { countSeverities, findingText, severitySummary } from './findings-text.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { diffLines } from './textdiff.ts';

/** What could not be seen and what is only declared stand in the evidence. */
export function driftText(report: DriftReport, evidence: Evidence, paint: Paint): string {
  const findings = report.findings.map((finding) => driftFindingText(finding, paint));
  const scanned = report.scan === undefined ? [] : [paint('dim', wrap(scanText(report.scan), 0, paint.width))];
  return [
    ...findings,
    ...acceptedText(report, paint),
    ...scanned,
    evidenceText(evidence, paint),
    closing(report, loweredText(evidence, ['breakGlass']), paint),
  ].join('\n\n');
}

/** Why and until when stands in the evidence. */
function acceptedText({ accepted }: DriftReport, paint: Paint): readonly string[] {
  if (accepted.length === 0) return [];
  const lines = accepted.map(({ finding: { rule, message } }) => wrap(`accepted ${rule}: ${message}`, 2, paint.width));
  return [paint('dim', lines.join('\n'))];
}

function scanText({ ns, mode, documents, fields }: ScanResult): string {
  const sealed = fields.map(({ path, values, sealed: good }) => `${path} ${good} of ${values}`).join(', ');
  const how = mode === 'all' ? '' : ', taken at random';
  return `Looked at ${count(documents, 'document')} of ${ns}${how}. Sealed as the policy says: ${sealed}.`;
}

/** One finding, with its text difference. */
export function driftFindingText(
  { severity, rule, message, path, states, origin }: DriftFinding,
  paint: Paint,
): string {
  const position = origin?.();
  return findingText(
    {
      severity,
      rule,
      message,
      ...(position && { where: `${position.file}:${position.line}` }),
      ...(path && { grantPath: path }),
      ...(states && { diff: diffLines(states.before, states.after) }),
    },
    paint,
  );
}

function closing({ policy, findings, unreadable, breakGlass }: DriftReport, lowered: string, paint: Paint): string {
  const exempt = `${breakGlass === 0 ? '' : ` ${count(breakGlass, 'break-glass account')} exempt.`}${lowered === '' ? '' : ` ${lowered}`}`;
  const counts = countSeverities(findings);
  const unseen = unreadable.length === 0 ? '' : ` ${count(unreadable.length, 'part')} could not be seen.`;
  if (counts.errors > 0) {
    return paint(
      'red',
      wrap(`Drift from policy "${policy}": ${severitySummary(counts)}.${unseen}${exempt}`, 0, paint.width),
    );
  }
  const rest = severitySummary(counts);
  const clean = unreadable.length === 0 ? 'No drift' : 'No drift in what could be seen';
  return paint(
    'green',
    wrap(`${clean} from policy "${policy}"${rest === '' ? '' : `, ${rest}`}.${unseen}${exempt}`, 0, paint.width),
  );
}
