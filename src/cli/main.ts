#!/usr/bin/env node
/** The program `mongoward`. */
import { VERSION } from './package-version.ts';
import { standardStream } from './standard-stream.ts';

const output = standardStream(1, () => process.stdout);
const messages = standardStream(2, () => process.stderr);

// Should nothing be left to wait for before there is an answer, that is no success.
process.exitCode = 2;

// What is under way goes on to its end, also if nobody reads what it says; the exit code tells.
void start(process.argv.slice(2)).then(async (code) => {
  const unwritten = await output.ended();
  if (unwritten !== undefined) messages.write(`mongoward: the output could not be written: ${unwritten.message}\n`);
  // A message that nobody can read changes nothing about the outcome.
  await messages.ended();
  // Everything is said and written. A server may keep a connection open for ever, and to take all down takes a while.
  process.exit(unwritten === undefined ? code : 2);
});

/** The version is told without what reads command lines: editors and CI jobs ask for it at each start. */
async function start(line: readonly string[]): Promise<number> {
  if (line.length === 1 && (line[0] === '--version' || line[0] === '-v')) {
    output.write(`${VERSION}\n`);
    return 0;
  }
  const { runProcess } = await import('./run.ts');
  const code = await runProcess(line, output, messages);
  if (code !== 2 && !isForHelp(line)) {
    await output.ended();
    const { keepWhatIsCompiled } = await import('./parts.ts');
    keepWhatIsCompiled();
  }
  return code;
}

/** Help is told by little of what a command runs when it works. */
function isForHelp(line: readonly string[]): boolean {
  return line.length === 0 || line[0] === 'help' || line.includes('--help') || line.includes('-h');
}
