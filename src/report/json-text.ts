/** JSON as every command prints it. */

/** As text, indented by two, with a line end. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
