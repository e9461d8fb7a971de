/** Nothing is left behind, also where the process is interrupted. */

/** Runs `work`, and then `cleanUp`; on SIGINT and SIGTERM `cleanUp` alone, and ends the process. */
export async function cleanedUp<T>(cleanUp: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  const interrupted = (signal: NodeJS.Signals): void => {
    void cleanUp().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await work();
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await cleanUp();
  }
}
