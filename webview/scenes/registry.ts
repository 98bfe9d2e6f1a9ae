// The close-ups, in the order in which the page offers them.

import type { Scene } from '../model/frame.ts';
import { bloomScene } from './bloom/bloomScene.ts';
import { flushScene } from './flush/flushScene.ts';
import { mergeScene } from './merge/mergeScene.ts';
import { readPathScene } from './readPath/readPathScene.ts';
import { transactionScene } from './transaction/transactionScene.ts';
import { writePathScene } from './writePath/writePathScene.ts';

export const scenes: readonly Scene[] = [
  writePathScene,
  flushScene,
  mergeScene,
  bloomScene,
  readPathScene,
  transactionScene,
];
