/** Loads the parts of the program, which are CommonJS files beside the start. */
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { once } from '../model/once.ts';
import { compileCache, compiledCodeFolder } from './compile-cache.ts';

type Run = (exports: object, require: NodeJS.Require, module: Part, file: string, folder: string) => void;

interface Part {
  exports: object;
}

/** The one package that every command on a cluster loads. */
const BSON = 'bson';
/** Whichever command it is, these run much the same. Of the others each command runs functions of its own. */
const SHARED: ReadonlySet<string> = new Set(['run', 'driver', 'failure', 'bson.cjs']);

const cache = once(() => compileCache(compiledCodeFolder(process.env)));
const command = once(() => commandName(process.argv.slice(2)));
const loaded = new Map<string, Part>();

/** `policy-lint`; nothing where options come first: a value of theirs may be a secret, and this becomes the name of a file. */
export function commandName([noun = '', verb = '']: readonly string[]): string {
  if (!WORD.test(noun)) return '';
  return WORD.test(verb) ? `${noun}-${verb}` : noun;
}

const WORD = /^[a-z][a-z-]{1,20}$/;

/** The exports of a part, by its full path. It finds other parts the same way, and all else as a file in its place does. */
export function loadPart(file: string): object {
  const known = loaded.get(file);
  if (known !== undefined) return known.exports;
  const part: Part = { exports: {} };
  loaded.set(file, part);
  const name = basename(file, '.js');
  const run = cache()
    .compile(file, SHARED.has(name) ? name : `${name}.${command()}`)
    .runInThisContext() as Run;
  const native = createRequire(file);
  const require = (id: string): unknown => {
    if (id.startsWith('./')) return loadPart(join(dirname(file), id));
    return id === BSON ? loadPart(native.resolve(id)) : native(id);
  };
  run(part.exports, Object.assign(require, native), part, file, dirname(file));
  return part.exports;
}

/** For the runs to come, once a command has done its work. */
export function keepWhatIsCompiled(): void {
  cache().keep();
}
