/** `${name}` in any text of a file, keys included. */

import { MOST_REFUSALS } from '../input/refusal.ts';
import { MOST_TEXT } from './limits.ts';
import { hinter } from './nearest.ts';
import type { DocumentPath, Problem } from './problem.ts';
import type { SourceFile } from './source.ts';

/** Values by name, the first map that has a name wins. */
export type VariableLayers = readonly ReadonlyMap<string, string>[];

const REFERENCE = /\$\{([^}]*)\}/g;

/** The names of the variables that a text refers to, each as often as it stands there. */
export function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].map(([, name = '']) => name);
}

/**
 * The file with every reference replaced. A path of the result that leads through a replaced key is located at the key
 * as it was written. References to a variable that nobody gave are problems.
 */
export function expandVariables(
  source: SourceFile,
  layers: VariableLayers,
): { readonly source: SourceFile; readonly problems: readonly Problem[] } {
  if (!source.text.includes('${')) return { source, problems: [] };
  const variable = variableNames(source);
  if (variable.length > 0) return { source, problems: variable };
  const problems: Problem[] = [];
  const written = new Map<string, DocumentPath>();
  const hintOf = hinter(new Set(layers.flatMap((layer) => [...layer.keys()])));
  let length = source.text.length;
  // A value is put in as it is: whoever reads it would take it for another.
  const refersOn = (value: string): boolean =>
    value.includes('${') && referencesIn(value).some((name) => layers.some((layer) => layer.has(name)));

  const text = (value: string, path: DocumentPath): string => {
    if (!value.includes('${')) return value;
    return value.replaceAll(REFERENCE, (reference, name: string) => {
      const found = layers.find((layer) => layer.has(name))?.get(name);
      if (found !== undefined) {
        if (refersOn(found) && problems.length < MOST_REFUSALS) {
          const message = `the value of the variable "${name}" is "${found}", and what it refers to is not put in. Write the value out`;
          problems.push({ rule: 'document/variable', severity: 'error', message, ...source.locate(path) });
        }
        length += found.length;
        return length > MOST_TEXT ? '' : found;
      }
      if (problems.length >= MOST_REFUSALS) return reference;
      const hint = hintOf(name);
      const message = `no value for the variable "${name}"${hint}: give it under "variables", by --var, or in MONGOWARD_VAR_${name}`;
      problems.push({ rule: 'document/variable', severity: 'error', message, ...source.locate(path) });
      return reference;
    });
  };

  const expand = (value: unknown, path: DocumentPath, original: DocumentPath): unknown => {
    if (typeof value === 'string') return text(value, original);
    if (Array.isArray(value)) return value.map((item, index) => expand(item, [...path, index], [...original, index]));
    if (typeof value !== 'object' || value === null) return value;
    const seen = new Set<string>();
    const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
      const from = [...original, key];
      const newKey = text(key, from);
      const to = [...path, newKey];
      if (newKey !== key) written.set(pathKey(to), from);
      if (seen.has(newKey)) {
        const message = `with its variables replaced this key is "${newKey}", which stands here already: keep one`;
        problems.push({ rule: 'document/duplicate', severity: 'error', message, ...source.locate(from) });
      }
      seen.add(newKey);
      return [newKey, expand(item, to, from)];
    });
    return Object.fromEntries(entries);
  };

  const data = expand(source.data, [], []);
  if (length > MOST_TEXT) {
    const message = `with its variables replaced the file is larger than ${MOST_TEXT / 1024 / 1024} MB. Split the policy`;
    problems.push({ rule: 'document/schema', severity: 'error', message, ...source.locate([]) });
  }
  const locate = (path: DocumentPath): ReturnType<SourceFile['locate']> => {
    for (let length = path.length; length > 0; length -= 1) {
      const original = written.get(pathKey(path.slice(0, length)));
      if (original !== undefined) return source.locate([...original, ...path.slice(length)]);
    }
    return source.locate(path);
  };
  return { source: { ...source, data, locate }, problems };
}

/**
 * Files are sorted into policies before variables are put in. What tells policies apart may hold none, or the same file
 * would belong to one policy for the linter and to another for a plan.
 */
function variableNames({ data, locate }: SourceFile): readonly Problem[] {
  const metadata = typeof data === 'object' && data !== null && 'metadata' in data ? data.metadata : undefined;
  const problem = (message: string, path: DocumentPath): Problem => ({
    rule: 'document/variable',
    severity: 'error',
    message,
    ...locate(path),
  });
  const fixed: readonly (readonly [text: unknown, path: DocumentPath])[] = [
    ...keysOf(data).map((key) => [key, [key]] as const),
    ...keysOf(metadata).map((key) => [key, ['metadata', key]] as const),
    [Object(data)['apiVersion'], ['apiVersion']],
  ];
  return [
    ...(holdsVariable(Object(metadata)['name']) ? [problem(IN_NAME, ['metadata', 'name'])] : []),
    ...fixed.filter(([text]) => holdsVariable(text)).map(([, path]) => problem(ELSEWHERE, path)),
  ];
}

function holdsVariable(text: unknown): boolean {
  return typeof text === 'string' && text.includes('${');
}

const IN_NAME = "a policy's name holds no variable: write it out, as all files with the same name make one policy";
const ELSEWHERE =
  'no variable may stand here, because the policy of a file is settled before variables are put in. Write the name out';

function keysOf(data: unknown): readonly string[] {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? Object.keys(data) : [];
}

function pathKey(path: DocumentPath): string {
  return path.join('\0');
}
