/** Options from the environment: `MONGOWARD_CLUSTER` stands for `--cluster`, and so on for every option of a command. */
import { Failure } from '../failure.ts';
import type { OptionKinds } from './usage.ts';

const PREFIX = 'MONGOWARD_';

/** Each of these on the command line sets aside what the environment says of the other. */
const INSTEAD: Readonly<Record<string, readonly string[]>> = {
  cluster: ['snapshot'],
  snapshot: ['cluster', 'from-cluster', 'from-crud-service'],
};

/** `dry-run` as the environment has it: `MONGOWARD_DRY_RUN`. */
export function variableOf(option: string): string {
  return `${PREFIX}${option.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * What the environment says of the options that a command takes, by their names; a list has commas. What stands on the
 * command line wins. Throws a Failure for what is neither yes nor no where one of the two is wanted.
 */
export function environmentOptions(
  { names, booleans, lists }: OptionKinds,
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
): Readonly<Record<string, unknown>> {
  const given = new Set(argv.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('=')[0] ?? ''));
  return Object.fromEntries(
    names.flatMap((name): [string, unknown][] => {
      if (['help', 'version'].includes(name)) return [];
      const text = env[variableOf(name)];
      if (text === undefined || text === '' || (INSTEAD[name] ?? []).some((other) => given.has(other))) return [];
      if (booleans.includes(name)) return [[name, yesOrNo(variableOf(name), text)]];
      return [[name, lists.includes(name) ? text.split(',') : text]];
    }),
  );
}

/** What is said of a yes-or-no option before the command line is read: there, else in the environment. */
export function switched(
  name: string,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): boolean | undefined {
  const forms = new Map([
    ...[`--${name}`, `--${name}=true`, `--no-${name}=false`].map((form) => [form, true] as const),
    ...[`--no-${name}`, `--no-${name}=true`, `--${name}=false`].map((form) => [form, false] as const),
  ]);
  const word = argv.findLast((each) => forms.has(each));
  if (word !== undefined) return forms.get(word);
  const text = env[variableOf(name)] ?? '';
  return text === '' ? undefined : YES.test(text);
}

const YES = /^(1|true|yes|on)$/i;

function yesOrNo(variable: string, text: string): boolean {
  if (YES.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new Failure(`the environment variable ${variable} is neither true nor false`, {
    advice: 'set it to one of the two, or unset it',
  });
}
