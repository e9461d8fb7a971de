/** Techniques to become able to do anything: by granting, or by writing accounts directly. */
import { collectionTarget, databaseTarget } from '../../model/resource.ts';
import { applyOpsAction, onDatabase, type Place } from './place.ts';
import { EVERY_OUTCOME, type Requirement, requireAction, type Technique } from './technique.ts';

export function escalations(place: Place): Technique[] {
  const { subject } = place;
  const { version, sharded } = place.circumstances;
  const technique = (id: string, requires: readonly Requirement[], does: string): Technique => ({
    id,
    kind: 'escalation',
    outcomes: EVERY_OUTCOME,
    requires,
    does,
  });
  const grantOwn =
    subject.kind === 'cluster' || subject.db === 'admin'
      ? []
      : [technique('grant-role', [onDatabase('grantRole', place)], `grant itself any role on ${subject.db}`)];
  const accounts = ['users', 'roles'].flatMap((what) =>
    ['insert', 'update'].flatMap((action) => {
      // A new role reaches nobody: it takes applyOps, whose insert entries overwrite, to replace one that it holds.
      const byApplyOps = what === 'roles' && action === 'insert';
      if (byApplyOps && sharded) return [];
      return technique(
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
    technique('grant-role-admin', [requireAction('grantRole', databaseTarget('admin'))], 'grant itself root@admin'),
    ...accounts,
  ];
}
