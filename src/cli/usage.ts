/** Wrong arguments in words for the person who typed them. yargs says the same by its own names for things. */
import type { Argv } from 'yargs';
import { Failure } from '../failure.ts';
import { didYouMean } from '../policy/nearest.ts';
import { variableOf } from './environment-options.ts';

/** What was asked for, as far as it was understood. */
export interface Asked {
  readonly argv: readonly string[];
  /** The command line as its help has it, as far as it was recognised: `policy who <action> <namespace>`. */
  readonly usage: string;
  /** The names of the options that the command takes, without dashes. */
  readonly options: readonly string[];
  /** The first word that names no command. */
  readonly unknown: string;
  /** Those of the options that the environment gives. */
  readonly fromEnvironment: readonly string[];
}

/** The Failure of a sentence of yargs' about the arguments. */
export function usageFailure(sentence: string, asked: Asked): Failure {
  const words = asked.usage.split(' ').filter((word) => /^[a-z-]+$/.test(word));
  return new Failure(usageMessage(sentence.trim(), asked), {
    advice: `see ${['mongoward', ...words].join(' ')} --help`,
  });
}

type Reading = readonly [sentence: RegExp, message: (found: readonly string[], asked: Asked) => string];

/** yargs has no codes for what it finds wrong: its English sentences (locales/en.json) are what there is. */
const READINGS: readonly Reading[] = [
  [/^Did you mean (.*)\?$/, ([guess], { unknown }) => `unknown command "${unknown}": did you mean ${guess}?`],
  [/^Unknown command: (.*)$/, ([command]) => `unknown command "${command}"`],
  [/^Unknown arguments?: (.*)$/, ([names = ''], asked) => unknownText(names.split(', '), asked)],
  [/^Not enough non-option arguments: got (\d+)/, ([got], asked) => missingText(Number(got), asked)],
  [/^Missing required arguments?: (.*)$/, ([names = '']) => `${names.split(', ').map(option).join(', ')} is missing`],
  [/^Not enough arguments following: (.*)$/, ([name = '']) => `${option(name)} needs a value`],
  [
    /^Arguments (.*) and (.*) are mutually exclusive$/,
    ([a = '', b = '']) => `${option(a)} and ${option(b)} exclude each other`,
  ],
  [
    /^Invalid values:\s+Argument: (.*?), Given: (.*?), Choices: ([^\n]*)/,
    ([name = '', given, choices = ''], asked) =>
      `${called(name, asked)} can't be ${given}: it is one of ${choices.replaceAll('"', '')}`,
  ],
];

function usageMessage(sentence: string, asked: Asked): string {
  for (const [pattern, message] of READINGS) {
    const found = pattern.exec(sentence);
    if (found !== null) return message(found.slice(1), asked);
  }
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;
}

/** As the person wrote it: a variable, a word of the command line, or an option. */
function called(name: string, { fromEnvironment, usage }: Asked): string {
  if (fromEnvironment.includes(name)) return variableOf(name);
  return /^[<[]/.test(usage.split(' ').find((word) => word.slice(1, -1) === name) ?? '') ? `<${name}>` : option(name);
}

function option(name: string): string {
  return `${name.length === 1 ? '-' : '--'}${name}`;
}

/** yargs lists options without their dashes, and words too many as they are. */
function unknownText([name = '']: readonly string[], { argv, options, usage }: Asked): string {
  // yargs takes --no-x for x set to false.
  const forms = [`--${name}`, `-${name}`, `--no-${name}`];
  const dashed = argv.map((word) => word.split('=')[0] ?? '').find((word) => forms.includes(word));
  if (dashed !== undefined) return `there is no option ${dashed}${didYouMean(name, options).replace('"', '"--')}`;
  return usage === '' ? `unknown command "${name}"` : `"${name}" is one word too many`;
}

function missingText(got: number, { usage }: Asked): string {
  const words = [...usage.matchAll(/<[^>]+>/g)].map(([word]) => word);
  return `${words.slice(got).join(' and ')} missing`;
}

/**
 * Refuses an option that stands several times and takes one value, for which yargs gives a list. `lists` are the names
 * of those that may.
 */
export function refuseRepeated(args: Readonly<Record<string, unknown>>, lists: readonly string[]): void {
  // yargs gives each under its short name and in camel case too.
  const name = Object.keys(args).find(
    (each) => Array.isArray(args[each]) && /^[a-z-]{2,}$/.test(each) && !lists.includes(each),
  );
  if (name === undefined) return;
  throw new Failure(`${option(name)} was given more than once`, { advice: 'give it once' });
}

/** What a command takes, by long names: everything, and what of it takes no value, several, one of a few. */
export interface OptionKinds {
  readonly names: readonly string[];
  readonly booleans: readonly string[];
  readonly lists: readonly string[];
  readonly choices: Readonly<Record<string, readonly string[]>>;
}

/** Nothing if this release of yargs does not tell. */
export function optionKinds(yargs: Argv): OptionKinds {
  if (!('getOptions' in yargs) || typeof yargs.getOptions !== 'function') {
    return { names: [], booleans: [], lists: [], choices: {} };
  }
  const { key, boolean, array, choices } = yargs.getOptions();
  return { names: Object.keys(key).filter((name) => name.length > 1), booleans: boolean, lists: array, choices };
}
