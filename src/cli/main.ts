#!/usr/bin/env node
/** The program `mongoward`. */
import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

// Whoever reads the output may stop reading; what is under way goes on to its end.
process.stdout.on('error', () => {});

void run(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code;
});
