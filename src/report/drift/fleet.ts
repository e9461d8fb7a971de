/** Reports of several clusters as one: what each says, and which could not be read. */

import { fingerprint } from '../../drift/fingerprint.ts';
import { uniqueByContent } from '../../model/keyed.ts';
import type { Evidence } from '../evidence.ts';
import type { Facts, FindingsReport } from '../findings.ts';
import type { DriftDocument } from './document.ts';
import { driftFindings, reportedFinding } from './findings.ts';

/** A cluster that could not be read, and why. */
export interface Unread {
  readonly cluster: string;
  readonly message: string;
}

export interface DriftFleet {
  /** In the order in which the clusters were named. */
  readonly documents: readonly DriftDocument[];
  readonly unread: readonly Unread[];
}

export function isSeveral({ documents, unread }: DriftFleet): boolean {
  return documents.length + unread.length > 1;
}

/** The findings of all. Where there are several clusters each finding names its own. */
export function fleetFindings(fleet: DriftFleet, help: Omit<Facts, 'evidence'>): FindingsReport {
  const { documents, unread } = fleet;
  const facts = { ...help, evidence: fleetEvidence(fleet) };
  const reports = documents.map((document) => withAccepted(document, facts));
  const [only] = reports;
  if (!isSeveral(fleet) && only !== undefined) return only;
  const named = documents.map(({ cluster, id }, at) => ({ cluster, id, report: reports[at] }));
  const missing = unread.map(({ cluster, message }) => `${cluster}: ${message}`);
  return {
    ...facts,
    command: 'drift report',
    subject: [
      ...documents.map(({ report, cluster }) => `policy "${report.policy}" and ${cluster}`),
      ...unread.map(({ cluster }) => cluster),
    ].join('; '),
    findings: named.flatMap(({ cluster, id, report }) =>
      (report?.findings ?? []).map((finding) => ({
        ...finding,
        ...(finding.fingerprint !== undefined && { fingerprint: fingerprint([id, finding.fingerprint]) }),
        message: `${cluster}: ${finding.message}`,
        ...(finding.target !== undefined && { target: `${cluster}: ${finding.target}` }),
      })),
    ),
    unseen: [
      ...missing,
      ...named.flatMap(({ cluster, report }) => (report?.unseen ?? []).map((what) => `${cluster}: ${what}`)),
    ],
    files: [...new Set(documents.flatMap(({ files }) => files))],
  };
}

/** What all the reports are made from; what could not be read of a cluster is told with its name. */
function fleetEvidence({ documents, unread }: DriftFleet): Evidence {
  const all = documents.map(({ evidence }) => evidence);
  const made = all
    .flatMap(({ generatedAt }) => generatedAt ?? [])
    .sort()
    .at(-1);
  const low = uniqueByContent(all.flatMap(({ lowered = [] }) => lowered));
  return {
    ...(made !== undefined && { generatedAt: made }),
    tool: all[0]?.tool ?? 'mongoward',
    policies: uniqueByContent(all.flatMap(({ policies }) => policies)),
    sources: all.flatMap(({ sources }) => sources),
    exemptions: uniqueByContent(all.flatMap(({ exemptions }) => exemptions)),
    ...(low.length > 0 && { lowered: low }),
    attestations: uniqueByContent(all.flatMap(({ attestations }) => attestations)),
    unseen: [
      ...unread.map(({ cluster, message }) => ({ what: cluster, why: message })),
      ...uniqueByContent(all.flatMap(({ unseen }) => unseen)),
    ],
  };
}

/** What the policy or a baseline accepts is suppressed, in the forms that know such a thing. */
function withAccepted({ report, cluster, files, baseline }: DriftDocument, facts: Facts): FindingsReport {
  const told = driftFindings(report, cluster, files, facts);
  const byPolicy = report.accepted.map(({ finding, reason, until }) => ({
    ...reportedFinding(finding),
    suppressed: `accepted until ${until}: ${reason}`,
  }));
  const byBaseline = (baseline?.accepted ?? []).map((finding) => ({
    ...reportedFinding(finding),
    suppressed: `accepted by the baseline ${baseline?.file}`,
  }));
  return { ...told, findings: [...told.findings, ...byPolicy, ...byBaseline] };
}
