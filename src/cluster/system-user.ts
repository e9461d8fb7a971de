/** Under which name of this machine the program runs, for the lock and the journal. */
import { userInfo } from 'node:os';

/**
 * The name of the system's user, or `uid 1000` where there is none: in a container the user id often has no entry in the
 * passwd file, and Node.js throws then (Node.js documentation, "os.userInfo").
 */
export function systemUser(read: () => { readonly username: string } = userInfo): string {
  try {
    return read().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
