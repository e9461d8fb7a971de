/** Modes of TLS (manual, `net.tls.mode`), each of which asks more of clients than the one before. */
const TLS_MODES = ['disabled', 'allowTLS', 'preferTLS', 'requireTLS'];

/** Whether a mode asks as much of clients as another. */
export function meetsTls(actual: string, wanted: string): boolean {
  return TLS_MODES.indexOf(actual) >= TLS_MODES.indexOf(wanted);
}
