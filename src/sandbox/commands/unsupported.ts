/** Commands of a real server that the sandbox refuses, once the caller has logged in. */
import { anybody, type Command } from '../command-definition.ts';
import { notSimulated } from '../errors.ts';

const NAMES = [
  'applyOps',
  'bulkWrite',
  'cloneCollectionAsCapped',
  'collStats',
  'compact',
  'convertToCapped',
  'currentOp',
  'dbStats',
  'distinct',
  'explain',
  'fsync',
  'getLog',
  'killOp',
  'mapReduce',
  'profile',
  'reIndex',
  'replSetReconfig',
  'setParameter',
  'shutdown',
  'validate',
];

export const UNSUPPORTED_COMMANDS: readonly Command[] = NAMES.map((name) => ({
  name,
  authorize: anybody,
  run: () => {
    throw notSimulated(`the command ${name}`);
  },
}));
