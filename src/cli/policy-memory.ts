import { getOrMake } from '../model/keyed.ts';
import { type Compiled, compilePolicy, type ParsedFile } from '../policy/compile.ts';
import type { VariableLayers } from '../policy/variables.ts';

/** Files parsed and policies compiled once, for however many clusters are to have them. */
export class PolicyMemory {
  readonly #parsed = new Map<string, ParsedFile>();
  readonly #compiled = new Map<string, Compiled>();

  parsed(file: string, parse: () => ParsedFile): ParsedFile {
    return getOrMake(this.#parsed, file, parse);
  }

  /** Files of this memory, with variables, compiled to one policy. */
  compiled(files: readonly ParsedFile[], variables: VariableLayers): Compiled {
    const key = JSON.stringify([files.map(({ file }) => file), variables.map((layer) => [...layer])]);
    return getOrMake(this.#compiled, key, () => compilePolicy(files, { variables }));
  }
}
