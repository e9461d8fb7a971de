/** `policy init --template`: the shipped templates with what is known put in, beside accounts that are there. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { type AccountText, accountText, type Present } from '../adopt/templates/account.ts';
import { auditTrail, type FromTemplate, KMS_PROVIDERS } from '../adopt/templates/audit-trail.ts';
import { fillIn, type Gap } from '../adopt/templates/fill-in.ts';
import { grantInText } from '../adopt/templates/grant-in-text.ts';
import { scalar } from '../adopt/write.ts';
import { Failure } from '../failure.ts';
import { readText } from '../files/read-file.ts';
import { writeWhole } from '../files/write-file.ts';
import { parseNamespace, splitAt } from '../model/names.ts';
import { count, wrap } from '../report/layout.ts';
import type { ClusterState } from '../state/state.ts';
import { parseNeighbours } from './files.ts';
import { writeNewFiles } from './new-files.ts';
import { policyFilesIn } from './policy-files.ts';
import type { Terminal } from './terminal.ts';

export const TEMPLATES = [
  'audit-trail',
  'mongoward-watch',
  'mongoward-apply',
  'application',
  'backup',
  'exporter',
] as const;

export type Template = (typeof TEMPLATES)[number];

export interface TemplateArguments {
  readonly collection: string;
  readonly writer?: string | undefined;
  readonly reader?: readonly string[] | undefined;
  readonly auditor?: readonly string[] | undefined;
  readonly kms?: string | undefined;
  readonly withoutEncryption: boolean;
  readonly owner?: string | undefined;
  readonly breakGlass?: readonly string[] | undefined;
  readonly clientSource?: readonly string[] | undefined;
  readonly account?: string | undefined;
  readonly var?: readonly string[] | undefined;
}

/** What a template is told; whatever is not stays a gap, which the linter names. */
export function withTemplate<T>(yargs: Argv<T>) {
  const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;
  const list = (describe: string) => ({ type: 'string', array: true, requiresArg: true, describe }) as const;
  return yargs
    .option('template', { choices: TEMPLATES, requiresArg: true, describe: 'A policy that is shipped' })
    .option('collection', { ...text('audit-trail: its collection'), default: 'audit.logs' })
    .option('writer', text('audit-trail: who writes it'))
    .option('reader', list('audit-trail: who reads it'))
    .option('auditor', list('audit-trail: who reads it and may do nothing else'))
    .option('kms', { choices: KMS_PROVIDERS, requiresArg: true, describe: 'audit-trail: where the master key is' })
    .option('without-encryption', { type: 'boolean', default: false, describe: 'audit-trail: seal no fields' })
    .option('owner', text('audit-trail: who answers for Kafka and Grafana'))
    .option('break-glass', list('audit-trail: an account of last resort'))
    .option('client-source', list('Where the account may log in from'))
    .option('account', text('The name of the account, name@db'));
}

/** Writes the policy `name` of a template into a folder. `state`: what the cluster has, where somebody has looked. */
export function writeTemplate(
  terminal: Terminal,
  template: Template,
  name: string,
  args: TemplateArguments & { readonly output: string; readonly force: boolean },
  state: ClusterState | undefined,
): void {
  const file = `${template}.yaml`;
  const present: Present = {
    ...(state?.users && { users: state.users }),
    defined: definedIn(terminal, args.output, file),
  };
  const { text, accounts, expectations } =
    template === 'audit-trail' ? trailText(name, args, present, state) : accountTemplate(template, name, args, present);
  const filled = fillIn(text, values(args.var ?? []));
  const grants = accounts.flatMap(({ grant }) => grant ?? []);
  const edits = editsFor(terminal, args.output, grants);
  const files = new Map([[file, filled.text]]);
  if (expectations !== undefined) files.set(`${template}.test.yaml`, expectations);
  writeNewFiles(terminal, args.output, files, args.force);
  for (const [edited, edit] of edits) {
    writeWhole(resolve(terminal.cwd, edited), edited, edit.text, { links: 'followed' });
    terminal.out(`${wrap(`changed ${edited}: ${edit.what.join(', ')}`, 2, terminal.paint.width)}\n`);
  }
  for (const { note } of accounts)
    if (note !== undefined) terminal.out(`${wrap(`met: ${note}`, 2, terminal.paint.width)}\n`);
  terminal.out(gapsText(filled.gaps, join(args.output, file)));
}

function gapsText(gaps: readonly Gap[], file: string): string {
  if (gaps.length === 0) return '';
  const width = Math.max(...gaps.map(({ name }) => name.length));
  const lines = gaps.map(({ name, about }) => `  ${name.padEnd(width)}  ${wrap(about, width + 4)}\n`);
  const closing = wrap(
    `${count(gaps.length, 'gap')}: fill in under "variables" in ${file}, or give --var name=value. mongoward policy lint names each until then.`,
    0,
  );
  return `${lines.join('')}${closing}\n`;
}

function trailText(name: string, args: TemplateArguments, present: Present, state: ClusterState | undefined) {
  const collection = parseNamespace(args.collection);
  if (collection === undefined) throw new Failure(`--collection ${args.collection} is not written as db.collection`);
  const ofTrail = [args.writer ?? [], args.reader ?? [], args.auditor ?? []].flat();
  for (const account of [...ofTrail, ...(args.breakGlass ?? [])]) checkAccount(account);
  const twice = ofTrail.find((account, at) => ofTrail.indexOf(account) !== at);
  if (twice !== undefined) {
    throw new Failure(`${twice} is named more than once under --writer, --reader and --auditor`, {
      advice: 'give whoever writes the trail and each who reads it an account of their own',
    });
  }
  return auditTrail(
    {
      name,
      collection,
      ...(args.writer !== undefined && { writer: args.writer }),
      readers: [...(args.reader ?? []), ...(args.auditor ?? [])],
      ...(args.kms !== undefined && { kms: args.kms }),
      encryption: !args.withoutEncryption,
      ...(args.owner !== undefined && { owner: args.owner }),
      breakGlass: args.breakGlass ?? [],
      clientSource: args.clientSource ?? [],
    },
    present,
    state,
  );
}

function checkAccount(account: string): void {
  if (splitAt(account) !== undefined) return;
  throw new Failure(`"${account}" is not an account`, { advice: 'write it as name@db' });
}

const USER = /^ {2}(\S+@\S+):\n {4}roles: \[(.*)\]$/m;
const NAME_LINE = /^ {2}name: .*$/m;

/** A template of one account, which stands at its end. */
function accountTemplate(template: Template, name: string, args: TemplateArguments, present: Present): FromTemplate {
  const shipped = readFileSync(new URL(`../../templates/${template}.yaml`, import.meta.url), 'utf8').replace(
    NAME_LINE,
    `  name: ${scalar(name)}`,
  );
  const user = USER.exec(shipped);
  if (user === null) throw new Error(`the template ${template} has no account`);
  const [, own = '', roles = ''] = user;
  const account = args.account ?? own;
  checkAccount(account);
  const passwordFrom = /fromEnv: (\w+)/.exec(shipped)?.[1] ?? '';
  const entry = accountText(
    {
      name: account,
      roles: roles.split(', ').map((role) => role.replaceAll('"', '')),
      passwordFrom,
      clientSource: args.clientSource ?? [],
    },
    present,
  );
  const head = shipped.slice(0, user.index);
  const promised = expectationsOf(template)
    ?.replace(TEST_LINE, `test: ${scalar(name)}`)
    .replaceAll(own, scalar(account));
  const accounts: readonly AccountText[] = [entry];
  return {
    text: entry.text === undefined ? head.replace(/\nusers:\n(.*\n)*$/, '') : `${head}${entry.text}\n`,
    accounts,
    ...(promised !== undefined && { expectations: promised }),
  };
}

const TEST_LINE = /^test: .*$/m;

/** What a template of an account promises, where it is shipped with that. */
function expectationsOf(template: Template): string | undefined {
  const shipped = new URL(`../../templates/${template}.test.yaml`, import.meta.url);
  return existsSync(shipped) ? readFileSync(shipped, 'utf8') : undefined;
}

function values(flags: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    flags.map((flag): [string, string] => {
      const at = flag.indexOf('=');
      if (at < 1) throw new Failure(`--var ${flag} is not in the form name=value`);
      return [flag.slice(0, at), flag.slice(at + 1)];
    }),
  );
}

/** The accounts that the other files of the folder define. */
function definedIn(terminal: Terminal, folder: string, own: string): ReadonlySet<string> {
  const files = policyFilesIn(terminal, folder).filter((file) => !file.endsWith(`/${own}`) && file !== own);
  return new Set(
    parseNeighbours(terminal, files, () => {}).flatMap(({ source }) => {
      const data = source?.data;
      const users = typeof data === 'object' && data !== null && 'users' in data ? data.users : undefined;
      return typeof users === 'object' && users !== null ? Object.keys(users) : [];
    }),
  );
}

/** The files that define the accounts, by name, with roles added to them. */
function editsFor(
  terminal: Terminal,
  folder: string,
  grants: readonly { readonly user: string; readonly roles: readonly string[] }[],
): ReadonlyMap<string, { readonly text: string; readonly what: readonly string[] }> {
  const edits = new Map<string, { readonly text: string; readonly what: readonly string[] }>();
  const textOf = (file: string): string => edits.get(file)?.text ?? readText(resolve(terminal.cwd, file), file);
  for (const { user, roles } of grants) {
    const found = policyFilesIn(terminal, folder).some((file) => {
      const text = grantInText(textOf(file), user, roles);
      if (text === undefined) return false;
      edits.set(file, { text, what: [...(edits.get(file)?.what ?? []), `${user} is given ${roles.join(' and ')}`] });
      return true;
    });
    if (found) continue;
    throw new Failure(`${user} is defined in ${folder}, and its roles can't be added there`, {
      advice: `add ${roles.join(', ')} to its roles by hand, and take it out of what was asked for; nothing was written`,
    });
  }
  return edits;
}
