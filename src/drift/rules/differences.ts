/** Where the objects of a policy differ from those of the cluster, and what nobody declares. */
import type { DriftRule } from './rule.ts';

export const DIFFERENCE_RULES = [
  {
    name: 'drift/missing',
    severity: 'error',
    description: 'A role, user, collection or index that the policy declares does not exist',
    danger:
      'Whoever needs it does not work, or works through wider grants. Without its validator a collection takes anything.',
    remedy:
      '`migrate plan` shows what is missing, `migrate apply` makes it. If it is to stay away, take it out of the policy.',
  },
  {
    name: 'drift/changed',
    severity: 'error',
    description: 'A role, user or collection is not as the policy says',
    danger:
      'Somebody has changed it by hand. The difference below the finding shows what it grants or takes that nobody reviewed.',
    remedy: '`migrate apply` puts it back. If the change is right, write it into the policy, so that it is reviewed.',
  },
  {
    name: 'drift/orphaned',
    severity: 'error',
    description: 'A role, user or collection has left the policy and still exists',
    danger: 'It grants what it granted, and nobody looks after it any more.',
    remedy:
      '`migrate apply --prune` drops roles and users that the policy made, and forgets what it only took over. Collections are never dropped: they are forgotten.',
  },
  {
    name: 'drift/unrecorded',
    severity: 'info',
    description: "An object is as the policy says, and not in the cluster's record of what policies own",
    danger: 'Once it leaves the policy nobody notices that it is still there.',
    remedy: '`migrate apply` records it.',
  },
  {
    name: 'drift/obstacle',
    severity: 'error',
    description: 'The cluster is not as the policy says, and no operation can mend it',
    danger: 'A plan is never empty, and what the policy wants does not hold.',
    remedy:
      'The finding says what a person has to do first: move documents, turn an expiry off, rename what is in the way.',
  },
  {
    name: 'inventory/stranger',
    severity: 'error',
    description: 'No policy declares an account or role of the cluster or of a shard, although the inventory is closed',
    danger:
      'Somebody made it by hand. What it can do beside its roles stands in the finding. One that a shard has for itself acts there past every `mongos`.',
    remedy:
      'Declare it, drop it, or name an account under `unmanaged` if others manage it. Unmanaged ones are told as notes. One of a shard is dropped on that shard. Named under `breakGlass`, or with no more roles than the cluster gives the same name, it is no stranger.',
  },
] as const satisfies readonly DriftRule[];
