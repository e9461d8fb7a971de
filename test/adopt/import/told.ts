/** What was imported, in lines: `role reader@shop: find on shop.*`, `user app@shop: readWrite@shop`, `3 what could not be read`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Imported, importPolicy } from '../../../src/adopt/import/import.ts';
import type { Source } from '../../../src/adopt/import/sources.ts';
import { formatRole, formatUser } from '../../../src/model/names.ts';
import { formatResource } from '../../../src/model/resource.ts';

export interface Case {
  readonly text: string;
  readonly told: readonly string[];
  readonly file?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

export async function imported(source: Source, { text, file = 'file', variables = {} }: Case): Promise<Imported> {
  return importPolicy(source, [{ file, text }], { name: 'x', variables: new Map(Object.entries(variables)) });
}

function toldOf({ roles, users, notes }: Imported): readonly string[] {
  const addresses = (list: readonly object[] = []): string =>
    list.length === 0 ? '' : ` from ${JSON.stringify(list)}`;
  return [
    ...roles.map((role) => {
      const privileges = role.privileges.map(
        ({ resource, actions }) => `${actions.join(',')} on ${formatResource(resource)}`,
      );
      const parts = [...privileges, ...role.roles.map(formatRole)];
      return `role ${formatRole(role)}: ${parts.join('; ')}${addresses(role.authenticationRestrictions)}`;
    }),
    ...users.map(
      (user) =>
        `user ${formatUser(user)}: ${user.roles.map(formatRole).join(' ')}${addresses(user.authenticationRestrictions)}`,
    ),
    ...notes.map(({ line, message }) => `${line} ${message}`),
  ];
}

/** A test for each case. Whatever is read, no secret of these files gets into a policy, or is shown. */
export function cases(source: Source, file: string, table: Readonly<Record<string, Case>>): void {
  for (const [what, one] of Object.entries(table)) {
    test(`${source}: ${what}`, async () => {
      const result = await imported(source, { file, ...one });
      assert.deepEqual(toldOf(result), one.told);
      assert.doesNotMatch([...result.files.values(), ...result.notes.map(({ message }) => message)].join(), /s3cret/);
    });
  }
}

export const CLEAR = (user: string): string =>
  `a password of user ${user} stands here in the clear: it is not taken over, and whoever reads the file has it`;
