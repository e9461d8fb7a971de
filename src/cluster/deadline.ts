/**
 * The end of a whole piece of work. The driver's own timeouts are about one answer each: a server that sends a byte now
 * and then, or whose cursors never end, keeps within all of them.
 */
import { Failure } from '../failure.ts';

/** How long work may take to notice that its connections are gone, and connections to be closed, in milliseconds. */
const GRACE_MS = 2000;

/**
 * What `work` comes to. After `ms` milliseconds `stop` is called, which is to make the work fail, and a Failure says so,
 * with what the work itself has to say. `where` names the servers.
 */
export async function withinDeadline<T>(ms: number, where: string, stop: () => void, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<'end'>((resolve) => {
    timer = setTimeout(() => resolve('end'), ms);
  });
  try {
    if ((await Promise.race([work, end])) !== 'end') return await work;
  } finally {
    clearTimeout(timer);
  }
  stop();
  throw new Failure(`the deadline has passed: the work on ${where} has taken ${ms / 1000} s, and was ended`, {
    details: await lastWords(work),
    advice: 'see whether the server is slow, or sends without an end; --deadline changes how long a command may take',
  });
}

/** What a run that writes says of how far it came. */
async function lastWords(work: Promise<unknown>): Promise<readonly string[]> {
  let words: readonly string[] = [];
  const told = work.then(
    () => {},
    (error: unknown) => {
      if (error instanceof Failure && error.details.length > 0) words = [error.message, ...error.details];
    },
  );
  await withinGrace(told);
  return words;
}

/** Waits for the work, but not for long, and whatever it comes to. */
export async function withinGrace(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GRACE_MS);
  });
  await Promise.race([
    work.then(
      () => {},
      () => {},
    ),
    end,
  ]);
  clearTimeout(timer);
}
