/** Commands and answers as a person types and sees them in mongosh. */
import type { Exchange } from '../../test/live/attacks/record.ts';
import { SECRET } from '../../test/live/attacks/scene.ts';

const WIDTH = 200;

/** `db.getSiblingDB("audit").runCommand({ … })`, and what came back as a comment. */
export function exchangeText({ db, command, answer, error }: Exchange): string {
  const said = error === undefined ? shown(answer ?? {}) : error;
  return [
    `db.getSiblingDB(${JSON.stringify(db)}).runCommand(${shown(command)})`,
    `// ${said === '{}' ? '{ ok: 1 }' : said}`,
  ].join('\n');
}

function shown(value: unknown): string {
  const text = printed(value).replace(/[\r\n]+/g, ' ');
  if (text.length <= WIDTH) return text;
  // What was to be seen is shown, wherever in the answer it stands.
  const from = Math.max(0, text.indexOf(SECRET) - WIDTH / 2);
  return `${from === 0 ? '' : '… '}${text.slice(from, from + WIDTH)} …`;
}

function printed(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map(printed).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, inner]) => `${key === '…' ? key : `${keyText(key)}: ${printed(inner)}`}`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
