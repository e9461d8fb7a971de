/** The server's decision: there is no deny, so one privilege that covers the target and names the action is enough. */
import type { Privilege } from './privilege.ts';
import { covers, type Target } from './resource.ts';

/** `anyAction` stands for every action there is. */
const ANY_ACTION = 'anyAction';

/** Whether one privilege grants the action on the target. */
export function grants(privilege: Privilege, action: string, target: Target): boolean {
  if (!privilege.actions.includes(action) && !privilege.actions.includes(ANY_ACTION)) return false;
  return covers(privilege.resource, target);
}

/** Whether the privileges together allow the action on the target. */
export function allows(privileges: Iterable<Privilege>, action: string, target: Target): boolean {
  for (const privilege of privileges) if (grants(privilege, action, target)) return true;
  return false;
}
