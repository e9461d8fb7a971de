/**
 * Metrics for Prometheus, in its text exposition format 0.0.4: for the node exporter's textfile collector, and for
 * `drift watch`. Each series is there whether or not there is anything to count, so that an alert can rest on it.
 */

import { EVERY_OUTCOME } from '../../access/techniques.ts';
import type { AccessMatrix, Decision } from '../../drift/access-matrix.ts';
import { FINDING_KINDS } from '../../drift/finding.ts';
import { escapeHidden } from '../../input/characters.ts';
import type { DriftDocument } from './document.ts';
import type { Unread } from './fleet.ts';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const SEVERITIES = ['error', 'warning', 'info'] as const;
const DECISIONS: readonly Decision[] = ['allowed', 'broken', 'exempt', 'release'];

/** Several clusters in one text: each metric is told once, with the samples of all. */
export function prometheusFormat(documents: readonly DriftDocument[], unread: readonly Unread[] = []): string {
  const up = metric('drift_up', '1 if the cluster could be read, 0 if not.', [
    ...documents.map(({ id }) => ({ labels: { cluster: id }, value: 1 })),
    ...unread.map(({ cluster }) => ({ labels: { cluster }, value: 0 })),
  ]);
  const all = documents.map(metricsOf);
  const [first = []] = all;
  const merged = first.map(({ name, help }, at) => ({
    name,
    help,
    samples: all.flatMap((metrics) => metrics[at]?.samples ?? []),
  }));
  return [up, ...merged]
    .flatMap(({ name, help, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...samples.map((sample) => line(name, sample)),
    ])
    .map((text) => `${text}\n`)
    .join('');
}

function metricsOf({ id, report, matrix, exemptions, reviews, version, evidence }: DriftDocument): readonly Metric[] {
  const { generatedAt: at } = evidence;
  const common = { cluster: id, policy: report.policy };
  const sample = (value: number, labels: Labels = {}): Sample => ({ labels: { ...common, ...labels }, value });
  const findings = FINDING_KINDS.flatMap((kind) =>
    SEVERITIES.map((severity) =>
      sample(report.findings.filter((each) => each.kind === kind && each.severity === severity).length, {
        kind,
        severity,
      }),
    ),
  );
  return [
    metric('build_info', 'The version of Mongoward that made the report.', [sample(1, { version })]),
    metric('drift_findings', 'What is not as the policy wants it, by kind and severity.', findings),
    metric('drift_unseen_parts', 'Parts of the cluster that could not be seen. With any, no finding is no proof.', [
      sample(report.unreadable.length),
    ]),
    metric('drift_exempt_accounts', 'Accounts that breakGlass exempts today.', [sample(report.breakGlass)]),
    metric('drift_accepted_findings', 'Findings that the policy accepts today, under acceptedRisks.', [
      sample(report.accepted.length),
    ]),
    metric(
      'drift_exemption_end_timestamp_seconds',
      'When the exemption of an account ends, in seconds since 1970.',
      exemptions.map(({ account, until }) => sample(endOfDay(until), { account })),
    ),
    metric(
      'drift_attestation_due_timestamp_seconds',
      'When the review of what people declare is overdue, in seconds since 1970.',
      reviews.map(({ control, due }) => sample(endOfDay(due), { control })),
    ),
    metric(
      'drift_accounts',
      'Accounts that can bring an outcome about in a protected place, by what the policy says to it.',
      accountCounts(matrix).map(({ labels, value }) => sample(value, labels)),
    ),
    metric(
      'drift_report_timestamp_seconds',
      'When the cluster was read, in seconds since 1970.',
      at === undefined ? [] : [sample(Math.floor(Date.parse(at) / 1000))],
    ),
  ];
}

/** A day counts in UTC, and to its end. In seconds since 1970: Prometheus wants base units, and days left go stale. */
function endOfDay(day: string): number {
  return Date.parse(day) / 1000 + 86_400;
}

function metric(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name: `mongoward_${name}`, help, samples };
}

function accountCounts({ places, accounts }: AccessMatrix): readonly Sample[] {
  const counts = new Map<string, number>();
  for (const { cells } of accounts) {
    for (const [at, accesses] of cells.entries()) {
      for (const { outcome, decision } of accesses) {
        const key = `${at} ${outcome} ${decision}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  }
  return places.flatMap((place, at) =>
    EVERY_OUTCOME.flatMap((outcome) =>
      DECISIONS.map((decision) => ({
        labels: { place, outcome, decision },
        value: counts.get(`${at} ${outcome} ${decision}`) ?? 0,
      })),
    ),
  );
}

function line(name: string, { labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}{${pairs.join(',')}} ${value}`;
}

/** Hidden characters first: their escapes bring backslashes along. */
function escaped(text: string): string {
  return escapeHidden(text)
    .replaceAll('\t', '\\t')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n');
}
