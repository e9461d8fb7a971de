/** Parts of a state held against the shape of the server's own answers, whether from a snapshot or from a server. */
import { validate } from '../generated/validate-snapshot.js';

/** What is wrong with the document of a snapshot, in a few words that name the place; nothing if it is one. */
export function shapeProblem(document: object): string | undefined {
  if (validate(document)) return undefined;
  const [error] = validate.errors ?? [];
  const where =
    error?.instancePath
      .slice(1)
      .replaceAll(/\/(\d+)/g, '[$1]')
      .replaceAll('/', '.') ?? '';
  const what = error?.message?.replaceAll(/,(?=[a-z])/g, ' or ') ?? 'is not as it should be';
  return `${where === '' ? 'it' : where} ${what}`;
}
