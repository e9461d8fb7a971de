/** A command of MongoDB and the database that it is sent to. The first key is the command's name. */
export interface Command {
  readonly db: string;
  readonly command: Readonly<Record<string, unknown>>;
}

/** The command without the fields that are undefined, which the driver would send as null. */
export function withoutAbsent(command: Command['command']): Command['command'] {
  return Object.fromEntries(Object.entries(command).filter(([, value]) => value !== undefined));
}
