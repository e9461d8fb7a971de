import type { Circumstances } from '../../src/model/ways.ts';

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
