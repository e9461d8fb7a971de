/** An account that a template is about: made, or met where it is there already. */
import { formatUser, type RoleRef, roleKey, splitAt } from '../../model/names.ts';
import type { User } from '../../model/role.ts';
import { parseRoleRef, scalar, userText } from '../write.ts';
import { written } from './fill-in.ts';

/** What is there already, as far as somebody has looked. */
export interface Present {
  /** Of the cluster; absent: nobody has looked. */
  readonly users?: readonly User[];
  /** Names of the accounts that the policy files beside this one define. */
  readonly defined: ReadonlySet<string>;
}

export interface AccountText {
  /** The entry; nothing where another file has it. */
  readonly text?: string;
  /** What a person should know. */
  readonly note?: string;
  /** Roles that the entry in another file has to be given. */
  readonly grant?: { readonly user: string; readonly roles: readonly string[] };
}

export interface NewAccount {
  /** `name@db`, or a gap. */
  readonly name: string;
  /** As `name@db`. */
  readonly roles: readonly string[];
  /** The environment variable from which the password of a new account is read. */
  readonly passwordFrom: string;
  /** Where it may log in from. Of an account that is there, only what somebody asked for. */
  readonly clientSource: readonly string[];
}

export function accountText({ name, roles, passwordFrom, clientSource }: NewAccount, present: Present): AccountText {
  if (present.defined.has(name)) return { grant: { user: name, roles } };
  const there = present.users?.find((user) => formatUser(user) === name);
  if (there !== undefined) {
    const added = roles.flatMap((role) => parseRoleRef(role) ?? []);
    const note = `${name} is there already: it keeps its roles, its password and where it logs in from, and is given ${roles.join(' and ')}`;
    const text = userText(
      {
        ...there,
        roles: united(there.roles, added),
        ...(clientSource.length > 0 && { authenticationRestrictions: [{ clientSource }] }),
      },
      [],
    );
    return { text, note };
  }
  const external = splitAt(name)?.db === '$external';
  const lines = [
    `  ${written(name)}:`,
    `    roles: [${roles.map(written).join(', ')}]`,
    ...(external
      ? []
      : [
          '    mechanisms: [SCRAM-SHA-256]',
          `    password: { fromEnv: ${passwordFrom} } # only where the account is made`,
        ]),
    ...(clientSource.length > 0 ? [`    clientSource: [${clientSource.map(scalar).join(', ')}]`] : []),
  ];
  return { text: lines.join('\n') };
}

function united(held: readonly RoleRef[], added: readonly RoleRef[]): readonly RoleRef[] {
  const known = new Set(held.map(roleKey));
  return [...held, ...added.filter((role) => !known.has(roleKey(role)))];
}
