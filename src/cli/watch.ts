/** Runs something, and again whenever one of its files changes. */
import { statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** Long enough for an editor that writes a file in several steps. */
const EVERY_MS = 300;

/**
 * Runs `run`, and again when what `files` names is otherwise than it was, new and removed files included; until the signal. Paths
 * are absolute. Nothing is watched by the operating system, which tells of network folders and containers little.
 */
export async function whenChanged(
  files: () => readonly string[],
  run: () => Promise<void>,
  { signal, everyMs = EVERY_MS }: { readonly signal?: AbortSignal; readonly everyMs?: number } = {},
): Promise<void> {
  // Before the first run: what changes meanwhile is seen.
  let before = signature(files());
  await run();
  while (signal?.aborted !== true) {
    await wait(everyMs);
    const now = signature(files());
    if (now === before) continue;
    before = now;
    await run();
  }
}

function signature(files: readonly string[]): string {
  return files
    .map((file) => {
      const stats = statSync(file, { throwIfNoEntry: false });
      return `${file} ${stats?.mtimeMs} ${stats?.size}`;
    })
    .join('\n');
}
