/** Ways to become able to do anything: by granting, or by writing accounts directly. */
import { collectionTarget, databaseTarget } from '../resource.ts';
import { applyOpsAction, onDatabase, type Place } from './place.ts';
import { EVERY_OUTCOME, type Requirement, requireAction, type Way } from './way.ts';

export function escalations(place: Place): Way[] {
  const { subject } = place;
  const { version, sharded } = place.circumstances;
  const way = (id: string, requires: readonly Requirement[], does: string): Way => ({
    id,
    kind: 'escalation',
    outcomes: EVERY_OUTCOME,
    requires,
    does,
  });
  const grantOwn =
    subject.kind === 'cluster' || subject.db === 'admin'
      ? []
      : [way('grant-role', [onDatabase('grantRole', place)], `grant itself any role on ${subject.db}`)];
  const accounts = ['users', 'roles'].flatMap((what) =>
    ['insert', 'update'].flatMap((action) => {
      // A new role reaches nobody: it takes applyOps, whose insert entries overwrite, to replace one that it holds.
      const byApplyOps = what === 'roles' && action === 'insert';
      if (byApplyOps && sharded) return [];
      return way(
        `${action}-${what}`,
        [
          requireAction(action, collectionTarget({ db: 'admin', collection: `system.${what}` })),
          ...(byApplyOps ? applyOpsAction(version) : []),
        ],
        `${action} ${what} in admin.system.${what} directly`,
      );
    }),
  );
  return [
    ...grantOwn,
    way('grant-role-admin', [requireAction('grantRole', databaseTarget('admin'))], 'grant itself root@admin'),
    ...accounts,
  ];
}
