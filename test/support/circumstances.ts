import type { Circumstances } from '../../src/access/techniques.ts';

/** A release in which every weakness that is known is mended, and a collection with nothing peculiar. */
export const MENDED: Circumstances = {
  version: '8.3.8',
  sharded: false,
  expires: false,
  capped: false,
  timeSeries: false,
  views: [],
  keyVaults: [],
};
