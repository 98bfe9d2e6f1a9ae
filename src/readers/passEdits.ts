// Replays edits of the past that are told as one.

import type { OnProgress } from './readingProgress.ts';

const EDITS_PER_PROGRESS = 1024;

/** Takes in so many edits, or all that there are. */
export function passEdits(
  replay: { readonly next: () => unknown },
  edits: number,
  onProgress?: OnProgress,
): void {
  for (let done = 0; done < edits && replay.next() !== undefined; done++) {
    if (onProgress === undefined || done % EDITS_PER_PROGRESS !== 0) continue;
    onProgress({ done, total: edits, unit: 'edits', message: 'replaying the past' });
  }
}
