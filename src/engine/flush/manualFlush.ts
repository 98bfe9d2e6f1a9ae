// Flushing by hand: what was written before the call goes to tables, and the caller waits for it.

import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import type { GroupCommitter } from '../write/groupCommit.ts';
import type { WriteQueue } from '../write/writeQueue.ts';
import type { Flusher } from './flusher.ts';

/** The parts of a store that a flush by hand goes through. */
export interface FlushParts {
  readonly state: EngineState;
  readonly queue: WriteQueue;
  readonly committer: GroupCommitter;
  readonly flusher: Flusher;
}

/**
 * Seals the memtables of `families` that hold anything, and waits until none of them is left. A
 * family that is dropped meanwhile is no longer waited for.
 * @throws LsmError `NOT_OPEN` when the store closes or fails meanwhile; `NOT_SUPPORTED`; `IO`.
 */
export async function flushByHand(
  parts: FlushParts,
  families: readonly FamilyState[],
): Promise<void> {
  const { state, queue, committer } = parts;
  state.requireWritable();
  await queue.exclusively(async () => {
    state.requireWritable();
    const due = families.filter(({ memtables, dropped }) => !dropped && !memtables.active.isEmpty);
    if (due.length > 0) await committer.sealAll(due, 'manual');
  });
  for (const family of families) await waitForFlush(parts, family);
}

/** Empties a family's memtables; called with the write queue stopped. */
export async function drain(parts: FlushParts, family: FamilyState): Promise<void> {
  if (!family.memtables.active.isEmpty) await parts.committer.sealAll([family], 'manual');
  await waitForFlush(parts, family);
}

async function waitForFlush({ state, flusher }: FlushParts, family: FamilyState): Promise<void> {
  const { sealed } = family.memtables;
  const last = sealed.at(-1);
  while (last !== undefined && sealed.includes(last) && !family.dropped) {
    state.requireWritable();
    flusher.kick();
    await state.changed.wait();
  }
}
