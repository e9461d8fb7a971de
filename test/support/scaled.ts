/**
 * How often a property test draws, or how large the input of a stress test is: `all` where everything is run
 * (`npm run test:full`, CI), a tenth of it in the everyday `npm test`.
 */
export function scaled(all: number): number {
  return process.env['MONGOWARD_TEST_SCALE'] === 'full' ? all : Math.ceil(all / 10);
}
