/** What is declared about the parts of an audit trail that MongoDB can't show. */

/** What the audit-trail guide wants declared, with what each is about. */
export const GUIDE_CONTROLS: Readonly<Record<string, string>> = {
  'kafka-retention': 'how long Kafka keeps what it hands on (1 to 5 days)',
  'grafana-retention': 'how long Grafana keeps its copy (30 to 60 days)',
  'kafka-transport': 'how clients reach Kafka (SASL_SSL with SCRAM)',
};

const DAYS: Readonly<Record<string, number>> = {
  ms: 1 / 86_400_000,
  s: 1 / 86_400,
  m: 1 / 1440,
  min: 1 / 1440,
  h: 1 / 24,
  d: 1,
  w: 7,
  mo: 30,
  y: 365,
};

/** A duration such as `3d`, `72h`, `3 days` or ISO 8601's `P3D` in days; nothing if it is none. */
export function daysOf(text: string): number | undefined {
  const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(\d+)H)?$/.exec(text.trim());
  if (iso !== null && text.trim() !== 'P') {
    return Number(iso[1] ?? 0) * 7 + Number(iso[2] ?? 0) + Number(iso[3] ?? 0) / 24;
  }
  const match =
    /^(\d+(?:\.\d+)?)\s*(?:(ms|s|min|m|h|d|w|mo|y)|(seconds?|minutes?|hours?|days?|weeks?|months?|years?))$/i.exec(
      text.trim(),
    );
  if (match === null) return undefined;
  const word = match[3]?.toLowerCase();
  const unit = match[2]?.toLowerCase() ?? (word?.startsWith('mo') ? 'mo' : (word?.slice(0, 1) ?? ''));
  return Number(match[1]) * (DAYS[unit] ?? Number.NaN);
}
