/** The forms of a drift report, by the word that `--format` takes. Each is loaded when it is wanted. */
import type { PastFinding } from '../../drift/past-report.ts';
import type { DriftFleetReport as FleetJson } from '../../generated/output-drift-fleet.ts';
import type { DriftReport as DriftJson } from '../../generated/output-drift-report.ts';
import { driftText } from '../drift-text.ts';
import type { Facts } from '../findings.ts';
import { FINDINGS_FORMATS, type FindingsFormat, formatFindings } from '../formats/index.ts';
import { driftJson } from '../json.ts';
import { jsonText } from '../json-text.ts';
import { count } from '../layout.ts';
import type { Paint } from '../paint.ts';
import { stateTitle } from '../state-title.ts';
import { changesText } from './changes-text.ts';
import type { DriftDocument } from './document.ts';
import { type DriftFleet, fleetFindings, isSeveral } from './fleet.ts';

const OWN_FORMATS = {
  html: async () => {
    const { htmlPage } = await import('../html/page.ts');
    return ({ documents, unread }: DriftFleet) => htmlPage(documents, unread);
  },
  csv: async () => {
    const { csvFormat } = await import('./csv.ts');
    return ({ documents }: DriftFleet) => csvFormat(documents);
  },
  prometheus: async () => {
    const { prometheusFormat } = await import('./prometheus.ts');
    return ({ documents, unread }: DriftFleet) => prometheusFormat(documents, unread);
  },
} as const satisfies Readonly<Record<string, () => Promise<(fleet: DriftFleet) => string>>>;

export type DriftFormat = 'text' | 'json' | FindingsFormat | keyof typeof OWN_FORMATS;

export const DRIFT_FORMATS = ['text', 'json', ...FINDINGS_FORMATS, 'html', 'csv', 'prometheus'] as const;

export async function formatDrift(
  format: DriftFormat,
  fleet: DriftFleet,
  help: Omit<Facts, 'evidence'>,
  paint: Paint,
): Promise<string> {
  switch (format) {
    case 'text':
      return fleetText(fleet, paint);
    case 'json':
      return jsonText(fleetJson(fleet));
    case 'html':
    case 'csv':
    case 'prometheus': {
      const render = await OWN_FORMATS[format]();
      return render(fleet);
    }
    default:
      return formatFindings(format, fleetFindings(fleet, help));
  }
}

function fleetText(fleet: DriftFleet, paint: Paint): string {
  const { documents, unread } = fleet;
  const texts = documents.map((document) => {
    const { cluster, server, report, evidence } = document;
    const title = stateTitle('Drift', cluster, { server, unreadable: [] }, paint);
    return `${[title, ...changesText(document, paint), driftText(report, evidence, paint)].join('\n\n')}\n`;
  });
  if (!isSeveral(fleet)) return texts.join('');
  const missing = unread.map(({ cluster, message }) => `${paint('red', 'not read')} ${cluster}: ${message}\n`);
  const drifted = documents.filter(({ report }) => report.findings.some(({ severity }) => severity === 'error')).length;
  const rest = unread.length === 0 ? '' : ` ${count(unread.length, 'cluster')} could not be read.`;
  const closing = `${count(documents.length, 'cluster')} read, ${drifted === 0 ? 'none' : drifted} with errors.${rest}\n`;
  return [...texts, ...(missing.length === 0 ? [] : [missing.join('')]), paint('bold', closing)].join('\n');
}

/** One cluster: its report. Several: a list, in which each names its cluster, the same whether it could be read or not. */
function fleetJson(fleet: DriftFleet): DriftJson | FleetJson {
  const { documents, unread } = fleet;
  const [only] = documents;
  if (!isSeveral(fleet) && only !== undefined) return documentJson(only);
  return {
    clusters: [
      ...documents.map((document) => ({ cluster: document.id, report: documentJson(document) })),
      ...unread.map(({ cluster, message }) => ({ cluster, error: message })),
    ],
  };
}

function documentJson({ report, evidence, since, baseline }: DriftDocument): DriftJson {
  const named = ({ rule, target, message }: PastFinding) => ({ rule, target, message });
  return {
    ...driftJson(report, evidence),
    ...(since && {
      since: { file: since.file, added: since.added.map(named), gone: since.gone.map(named), ...absentJson(since) },
    }),
    ...(baseline && {
      baseline: {
        file: baseline.file,
        accepted: baseline.accepted.map(named),
        gone: baseline.gone,
        ...absentJson(baseline),
      },
    }),
  };
}

function absentJson({ absent }: { readonly absent: boolean }): { absent?: true } {
  return absent ? { absent } : {};
}
