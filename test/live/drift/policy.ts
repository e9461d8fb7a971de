/** The policy that a server is held against, and what a case says in it besides. */
import { uniqueName } from '../server.ts';

export const db = uniqueName('drift');
export const slug = db.replace('_', '-');
export const LOGS = `${db}.logs`;
/** Another database than the protected one. */
export const beside = `${db}_keys`;
export const VAULT = `${beside}.vault`;
export const SERVICE = `${db}-service@admin`;

export interface Policy {
  /** More of the protected collection, or collections after it. */
  readonly collection?: string;
  readonly more?: string;
  /** More roles. */
  readonly roles?: string;
  /** The service may read too. */
  readonly read?: boolean;
}

/** `others` are exempt: accounts of the server that are no part of the case. */
export function policyText(
  { collection = '', more = '', roles = '', read = false }: Policy,
  others: readonly string[],
): string {
  const exempt = others.map(
    (name) => `  - { user: ${JSON.stringify(name)}, reason: of the server, until: 2099-12-31 }`,
  );
  return `apiVersion: mongoward/v1
metadata: { name: ${db} }
collections:
  ${LOGS}:
    protection: append-only
    access: { insert: [${SERVICE}], read: [${read ? SERVICE : ''}] }
    dedicatedDatabase: true
    retention: forever${collection}
roles:
  writer@${db}: { privileges: [{ on: ${LOGS}, allow: ${read ? 'insert-and-read' : 'insert-only'} }] }
${roles}users:
  ${SERVICE}: { roles: [writer@${db}], password: { fromEnv: PASSWORD } }
breakGlass:
${exempt.join('\n')}
${more}`;
}
