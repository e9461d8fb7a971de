#!/usr/bin/env node
/** The program `mongoward`. */
import { VERSION } from './package-version.ts';

/** How long what is still open may take to close, in milliseconds. */
const ENDING_MS = 1000;

// What is under way goes on to its end, also if nobody reads what it says; the exit code tells.
let unwritten: Error | undefined;
process.stdout.on('error', (error) => {
  unwritten ??= error;
});
// A message that nobody can read changes nothing about the outcome.
process.stderr.on('error', () => {});

void start(process.argv.slice(2))
  .then(async (code) => {
    await written();
    if (unwritten === undefined) return code;
    process.stderr.write(`mongoward: the output could not be written: ${unwritten.message}\n`);
    return 2;
  })
  .then((code) => {
    process.exitCode = code;
    // A server may keep a connection open for ever. Everything is said and written by now.
    setTimeout(() => process.exit(), ENDING_MS).unref();
  });

/** The version is told without what reads command lines: editors and CI jobs ask for it at each start. */
async function start(line: readonly string[]): Promise<number> {
  if (line.length === 1 && (line[0] === '--version' || line[0] === '-v')) {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const { runProcess } = await import('./run.ts');
  const code = await runProcess(line);
  if (code !== 2 && !isForHelp(line)) {
    await written();
    const { keepWhatIsCompiled } = await import('./parts.ts');
    keepWhatIsCompiled();
  }
  return code;
}

/** Help is told by little of what a command runs when it works. */
function isForHelp(line: readonly string[]): boolean {
  return line.length === 0 || line[0] === 'help' || line.includes('--help') || line.includes('-h');
}

/** Everything that was said has gone out by then, or has failed. */
function written(): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.destroyed) resolve();
    else process.stdout.write('', () => resolve());
  });
}
