const isFull = process.env['MONGOWARD_TEST_SCALE'] === 'full';

/** Why a test is skipped that takes seconds and seldom has anything to say; nothing where everything is run. */
export const everyDay: string | false = isFull ? false : 'runs with --full';

/**
 * How often a property test draws, or how large the input of a stress test is: `all` where everything is run
 * (`npm run test:full`, CI), a tenth of it in the everyday `npm test`.
 */
export function scaled(all: number): number {
  return isFull ? all : Math.ceil(all / 10);
}

/** Where each of many cases is tried on the same list: all of it where everything is run, every day the next one in turn. */
export function inTurn<T>(all: readonly T[], turn: number): readonly T[] {
  return isFull ? all : all.slice(turn % all.length).slice(0, 1);
}
