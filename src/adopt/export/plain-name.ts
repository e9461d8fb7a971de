/** A name for a secret or an identifier of another tool: `app-shop`. */
export function plainName(name: string, db: string): string {
  const plain = `${name}-${db}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return plain.replaceAll(/^-+|-+$/g, '') || 'unnamed';
}
