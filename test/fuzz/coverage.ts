/** Which code of the program ran since the last look, by V8's own count: a text that runs new code is worth keeping. */
import { Session } from 'node:inspector';

/** The parts of the Chrome DevTools protocol's answer that count. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
    }[];
  }[];
}

export interface CoverageLook {
  /** Whether anything ran since the last time that had never run before; `parser` keeps the parsers apart. */
  isNew(parser: string): boolean;
  /** How many pieces of code have run. */
  blocks(): number;
  stop(): void;
}

export function watchCoverage(): CoverageLook {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const known = new Set<string>();
  const take = (parser: string, coverage: Coverage): void => {
    for (const { url, functions } of coverage.result.filter((script) => script.url.includes('/src/'))) {
      for (const { startOffset, endOffset, count } of functions.flatMap(({ ranges }) => ranges)) {
        // How often, by powers of eight: a loop that turns much more often is something new.
        if (count > 0) known.add(`${parser} ${url} ${startOffset} ${endOffset} ${Math.floor(Math.log2(count) / 3)}`);
      }
    }
  };
  return {
    isNew: (parser) => {
      const before = known.size;
      session.post('Profiler.takePreciseCoverage', (error, coverage) => {
        if (error === null) take(parser, coverage as Coverage);
      });
      return known.size > before;
    },
    blocks: () => known.size,
    stop: () => session.disconnect(),
  };
}
