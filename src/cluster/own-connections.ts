/** Where our own connections are made: what is guarded there is left alone for others in the same process. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { limitMessages } from './message-limit.ts';
import { limitScram } from './scram-limit.ts';

const connecting = new AsyncLocalStorage<true>();
let areLimited = false;

/** Runs what connects. A server that says what no MongoDB does gets a Failure where the driver would never end. */
export function onOwnConnections<T>(work: () => Promise<T>): Promise<T> {
  if (!areLimited) {
    areLimited = true;
    const isOwn = (): boolean => connecting.getStore() === true;
    limitScram(isOwn);
    limitMessages(isOwn);
  }
  return connecting.run(true, work);
}
