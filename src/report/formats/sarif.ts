/** SARIF 2.1.0 (OASIS), as code scanning services read it. */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fingerprint } from '../../drift/fingerprint.ts';
import type { FindingsReport, ReportedFinding, RuleHelp } from '../findings.ts';
import { jsonText } from '../json-text.ts';
import { plain } from '../paint.ts';
import { pageText } from '../rule-text.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** How GitHub sorts alerts of security tools: a score such as CVSS has, here by severity. */
const SECURITY_SEVERITY = { error: '8.0', warning: '5.0', info: '2.0' } as const;

export function sarifFormat({ command, version, findings, unseen, ruleHelp, evidence }: FindingsReport): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  const index = new Map(rules.map((rule, at) => [rule, at]));
  const prints = fingerprints(findings);
  return jsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mongoward',
            version,
            semanticVersion: version,
            rules: rules.map((rule) => reportingDescriptor(rule, worst(rule, findings), ruleHelp(rule))),
          },
        },
        automationDetails: { id: `mongoward/${command.replaceAll(' ', '-')}/` },
        invocations: [
          {
            executionSuccessful: unseen.length === 0,
            ...(evidence.generatedAt !== undefined && { endTimeUtc: evidence.generatedAt }),
            toolExecutionNotifications: unseen.map((what) => ({ level: 'error', message: { text: what } })),
          },
        ],
        columnKind: 'utf16CodeUnits',
        properties: { evidence },
        results: findings.map((finding, at) => result(finding, index.get(finding.rule) ?? 0, prints[at] ?? '')),
      },
    ],
  });
}

function worst(rule: string, findings: readonly ReportedFinding[]): ReportedFinding['severity'] {
  const given = new Set(findings.filter((finding) => finding.rule === rule).map(({ severity }) => severity));
  return (['error', 'warning', 'info'] as const).find((severity) => given.has(severity)) ?? 'info';
}

function reportingDescriptor(rule: string, severity: ReportedFinding['severity'], help: RuleHelp | undefined): object {
  return {
    id: rule,
    name: rule.replaceAll(/(?:^|[/-])([a-zA-Z])/g, (_all, letter: string) => letter.toUpperCase()),
    shortDescription: { text: help?.description ?? rule },
    ...(help && { help: helpOf(help) }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['security', rule.split('/')[0]], 'security-severity': SECURITY_SEVERITY[severity] },
  };
}

/**
 * The page itself: it has no address on the web that a `helpUri` could name. Relative links, which lead nowhere outside of
 * docs/, are left out.
 */
function helpOf({ page }: RuleHelp): object {
  const markdown = page.replaceAll(/\[([^\]]+)\]\((?!https?:)[^)\s]+\)/g, '$1');
  return { text: pageText(markdown, plain), markdown };
}

function result(finding: ReportedFinding, ruleIndex: number, print: string): object {
  const { rule, severity, message, at, target, grantPath, suppressed } = finding;
  const logical = target === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: target }] };
  const physical =
    at === undefined
      ? {}
      : {
          physicalLocation: {
            artifactLocation: { uri: uriOf(at.file) },
            region: { startLine: at.line, startColumn: at.column },
          },
        };
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: grantPath === undefined ? message : `${message}\nby ${grantPath.join(' → ')}` },
    ...(at === undefined && target === undefined ? {} : { locations: [{ ...physical, ...logical }] }),
    partialFingerprints: { primaryLocationLineHash: print },
    ...(suppressed === undefined
      ? {}
      : { suppressions: [{ kind: 'inSource', status: 'accepted', justification: suppressed }] }),
  };
}

/** A relative URI reference for a file of the project, else a file URL. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
}

/**
 * What stays the same when lines move: rule, file, target, the place in the document without positions in lists, and what
 * is said without line numbers; or what the finding is known by. Findings that agree in all of it are counted.
 */
function fingerprints(findings: readonly ReportedFinding[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, message, at, target = '', fingerprint: own }) => {
    const place = (at?.path ?? '').replaceAll(/\/\d+(?=\/|$)/g, '/*');
    const said = message.replaceAll(/:\d+(:\d+)?\b/g, '');
    const hash = own ?? fingerprint([rule, at?.file ?? '', place, target, said]);
    const number = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, number);
    return `${hash}:${number}`;
  });
}
