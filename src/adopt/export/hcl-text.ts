/** Texts and identifiers as HCL has them. */
import { plainName } from './plain-name.ts';

/** An identifier that no other has. */
export function identifier(name: string, db: string, taken: Map<string, number>): string {
  const plain = plainName(name, db).replaceAll('-', '_').replace(/^(\d)/, '_$1');
  const count = (taken.get(plain) ?? 0) + 1;
  taken.set(plain, count);
  return count === 1 ? plain : `${plain}_${count}`;
}

/** A variable without a value, for a password: whoever applies the file gives one. */
export function secretVariable(name: string): string {
  return [`variable "${name}" {`, '  type      = string', '  sensitive = true', '}', ''].join('\n');
}

/** HCL has no `\\b` and `\\f`, and puts values in for `${…}` and `%{…}`. */
export function text(value: string): string {
  const quoted = JSON.stringify(value).replaceAll(/\\([bf])/g, (_, letter) => (letter === 'b' ? '\\u0008' : '\\u000c'));
  return quoted.replaceAll('${', '$${').replaceAll('%{', '%%{');
}
