// Counts another engine's tables: to draw them the manifest is enough, and it tells of no entry.

import type { Reply } from '../../src/protocol/messages.ts';
import { countEnded } from '../model/workWords.ts';
import { createButton } from './toolkit.ts';
import type { RunWork, WorkNotices } from './workNotices.ts';

/**
 * The button.
 * @param count asks the session; what was counted until it was stopped stays known there
 * @param onCounted the figures of tables have changed
 */
export function createCountButton(
  works: WorkNotices,
  count: RunWork,
  onCounted: () => void,
): HTMLElement {
  const button = createButton('Count', 'secondary', () => void run());
  button.classList.add('count-tables');
  button.title = 'Opens every table and counts its entries and tombstones';
  const run = async (): Promise<void> => {
    button.disabled = true;
    const reply: Reply = await works.during('counting', count, countEnded);
    button.disabled = false;
    if (reply.kind === 'stats' || reply.kind === 'error') onCounted();
  };
  return button;
}
