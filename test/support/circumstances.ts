/** What techniques depend on, and one account whose techniques are asked for. */
import { assess } from '../../src/access/analysis.ts';
import { type Circumstances, techniquesOn } from '../../src/access/techniques.ts';
import { collectionTarget, type Target } from '../../src/model/resource.ts';
import { privilege } from './build.ts';

/** A release in which every weakness that is known is mended, and a collection with nothing peculiar. */
export const MENDED: Circumstances = {
  version: '8.3.8',
  sharded: false,
  expires: false,
  capped: false,
  keepsPreImages: false,
  logsDocuments: false,
  timeSeries: 'no',
  views: [],
  keyVaults: [],
  homes: [],
  restrictingRoles: [],
};

export const LOGS = collectionTarget({ db: 'audit', collection: 'logs' });

/** What an account holds, `action on resource`, several separated by commas. */
export type Held = string;

/** The techniques of one account that holds exactly this. */
export function techniquesOf(
  held: Held,
  given: Partial<Circumstances> = {},
  subject: Target = LOGS,
): readonly string[] {
  const circumstances = { ...MENDED, ...given };
  const privileges = held.split(', ').map((text) => {
    const [action = '', on = ''] = text.split(' on ');
    return privilege(on, action);
  });
  const user = { user: 'u', db: 'admin', roles: [{ role: 'r', db: 'admin' }] };
  const roles = [{ role: 'r', db: 'admin', privileges, roles: [] }];
  const techniques = techniquesOn(subject, circumstances);
  return assess({ roles, users: [user] }, circumstances.version, techniques)
    .can(user, techniques)
    .map(({ technique }) => technique.id);
}
