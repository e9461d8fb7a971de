/** A script for mongosh that makes roles and users. */
import { escapeHidden } from '../../input/characters.ts';
import type { Form } from './export.ts';

export const mongoshExport: Form = {
  refuseRole: () => undefined,
  refuseUser: () => undefined,
  userFields: ['mechanisms', 'customData'],
  write: (roles, users) =>
    [
      '// Roles and users of a policy, for mongosh. Passwords are asked for.',
      ...roles.map(({ role, db, privileges, roles: inherited, authenticationRestrictions: from }) =>
        call(db, 'createRole', {
          role,
          privileges,
          roles: inherited,
          ...(from?.length && { authenticationRestrictions: from }),
        }),
      ),
      ...users.map(({ user, db, roles: held, mechanisms, authenticationRestrictions: from, customData }) =>
        call(
          db,
          'createUser',
          {
            user,
            roles: held,
            ...(db !== '$external' && mechanisms && { mechanisms }),
            ...(from?.length && { authenticationRestrictions: from }),
            ...(customData && { customData }),
          },
          db !== '$external',
        ),
      ),
      '',
    ].join('\n'),
};

function call(db: string, method: string, document: object, asks = false): string {
  const [first, ...rest] = Object.entries(document).map(([key, value]) => `  ${key}: ${valueText(value)},`);
  const lines = [first, ...(asks ? ['  pwd: passwordPrompt(),'] : []), ...rest];
  return `db.getSiblingDB(${json(db)}).${method}({\n${lines.join('\n')}\n});`;
}

/** What is in the words of Extended JSON, such as a date, the shell has to make of it. */
function valueText(value: unknown): string {
  const text = json(value);
  return text.includes('{"$') ? `EJSON.deserialize(${text})` : text;
}

function json(value: unknown): string {
  return escapeHidden(JSON.stringify(value));
}
