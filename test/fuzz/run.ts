/**
 * Fuzzes every parser: `npm run test:fuzz -- [--rounds 100000] [--seed N]`. Texts that run code which none has run before
 * join the corpus. Ends with 1 at the first text that makes a parser crash, hang, or refuse without a place, and prints it.
 */
import { parseArgs } from 'node:util';
import { watchCoverage } from './coverage.ts';
import { mutated, randomFrom } from './mutate.ts';
import { PARSERS } from './parsers.ts';
import { watchdog } from './watchdog.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
const rounds = Number(values.rounds ?? 100_000);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);

/** In processor time, for a text of 20,000 characters at most. */
const MOST_MS = 3000;
/** Coverage is looked at this often: it takes longer than most parsers do. */
const LOOK_EACH = 4;

const random = randomFrom(seed);
const coverage = watchCoverage();
const dog = watchdog();
const corpora = new Map(PARSERS.map(({ name, corpus }) => [name, [...corpus]]));
let slowest = { ms: 0, parser: '' };

/** `undefined`: all was well. */
function fault(run: (text: string) => void, text: string, parser: string): unknown {
  const start = process.cpuUsage();
  try {
    run(text);
  } catch (error) {
    return error;
  }
  const { user, system } = process.cpuUsage(start);
  const ms = (user + system) / 1000;
  if (ms > slowest.ms) slowest = { ms, parser };
  return ms > MOST_MS ? new Error(`it took ${Math.round(ms)} ms`) : undefined;
}

console.log(`fuzzing ${PARSERS.length} parsers, ${rounds} rounds, seed ${seed}`);
for (let round = 0; round < rounds; round += 1) {
  const parser = PARSERS[round % PARSERS.length];
  const corpus = corpora.get(parser?.name ?? '');
  if (parser === undefined || corpus === undefined) break;
  // What stands in the corpus comes first, as it is.
  const text = corpus[Math.floor(round / PARSERS.length)] ?? mutated(corpus, random);
  dog.begin(`${parser.name}: ${text}`);
  const error = fault(parser.run, text, parser.name);
  if (error !== undefined) {
    console.log(`${parser.name}, round ${round}: ${error instanceof Error ? error.stack : String(error)}`);
    console.log(JSON.stringify(text));
    process.exitCode = 1;
    break;
  }
  if (round % (PARSERS.length * LOOK_EACH) < PARSERS.length && coverage.isNew(parser.name)) corpus.push(text);
}
const kept = [...corpora].map(([name, corpus]) => `${name} ${corpus.length}`).join(', ');
console.log(`kept: ${kept}; ${coverage.blocks()} blocks; slowest: ${slowest.parser}, ${Math.round(slowest.ms)} ms`);
coverage.stop();
await dog.stop();
