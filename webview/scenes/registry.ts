// The close-ups, in the order in which the page offers them.

import type { Scene } from '../model/frame.ts';
import { writePathScene } from './writePath/writePathScene.ts';

export const scenes: readonly Scene[] = [writePathScene];
