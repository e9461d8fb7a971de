/** Calls out on a change: generic JSON with a signature, or a message in Slack's form. */
import { createHmac } from 'node:crypto';
import type { DriftFinding } from '../drift/finding.ts';
import type { PastFinding } from '../drift/past-report.ts';

export interface Change {
  readonly cluster: string;
  readonly policy: string;
  readonly added: readonly DriftFinding[];
  readonly gone: readonly PastFinding[];
}

export interface Webhook {
  readonly url: string;
  readonly form: 'json' | 'slack';
  /** Signs the body: `X-Mongoward-Signature: sha256=…`, an HMAC in hexadecimal. */
  readonly secret?: string | undefined;
}

const TIMEOUT_MS = 10_000;

/** Rejects with an Error that names no more of the address than its host: the rest may be a secret. */
export async function call({ url, form, secret }: Webhook, change: Change): Promise<void> {
  const body = JSON.stringify(form === 'slack' ? { text: slackText(change) } : jsonBody(change));
  const { host } = new URL(url);
  let status: number;
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'content-type': 'application/json',
        ...(secret !== undefined && { 'x-mongoward-signature': signature(body, secret) }),
      },
    });
    status = response.status;
    await response.body?.cancel();
  } catch (error) {
    throw new Error(`${host} could not be called`, { cause: error });
  }
  if (status >= 300) throw new Error(`${host} answered ${status}`);
}

export function signature(body: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function jsonBody({ cluster, policy, added, gone }: Change): object {
  const named = ({ rule, target, message }: PastFinding) => ({ rule, target, message });
  return {
    event: 'drift',
    cluster,
    policy,
    added: added.map((finding) => ({ severity: finding.severity, ...named(finding) })),
    gone: gone.map(named),
  };
}

/** A message is for people: so many lines are read. */
const MOST_LINES = 20;

function slackText({ cluster, policy, added, gone }: Change): string {
  const lines = [
    ...added.map(({ severity, message }) => `• *new ${severity}* ${escaped(message)}`),
    ...gone.map(({ message }) => `• gone: ${escaped(message)}`),
  ];
  const rest = lines.length - MOST_LINES;
  const head = `Drift of ${escaped(cluster)} from policy ${escaped(policy)}: ${added.length} new, ${gone.length} gone`;
  return [head, ...lines.slice(0, MOST_LINES), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}

/** Slack's own escapes; nothing in a name becomes a mention, a link or bold (Slack, "Formatting text for app surfaces"). */
function escaped(text: string): string {
  return text
    .replaceAll(/\s/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[*_~`]/g, '\u200a$&');
}
