// A block's structure is checked before anything in it is looked at: afterwards no restart can lead
// a search out of the entries, or in a circle.

import { describe, expect, test } from 'vitest';
import { storeUint32 } from '../../../src/base/byteWriter.ts';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { Entry } from '../../../src/engine/iterator/entry.ts';
import { BlockSearch } from '../../../src/engine/table/blockSearch.ts';
import { BLOCK_TAIL_BYTES, DataBlock } from '../../../src/engine/table/dataBlock.ts';
import { DataBlockBuilder } from '../../../src/engine/table/dataBlockBuilder.ts';
import type { HalvingStep } from '../../../src/protocol/events.ts';
import { fillEntry } from '../modelEntries.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Eight entries, every one a restart. */
function builtBlock(): Uint8Array {
  const builder = new DataBlockBuilder(64, 1);
  const entry = new Entry();
  for (const [index, key] of KEYS.entries()) {
    const value = encodeUtf8(key.repeat(index));
    fillEntry(entry, { key: encodeUtf8(key), sequence: 7, kind: 1, timestampMicros: 0, value });
    builder.add(entry, 0);
  }
  builder.finish();
  return builder.bytes.slice(0, builder.sizeBytes);
}

describe('a data block', () => {
  test('refuses restarts that lie outside, or are out of order', () => {
    const sound = builtBlock();
    const restarts = sound.length - BLOCK_TAIL_BYTES - 4 * KEYS.length;
    const { entriesEnd } = new DataBlock(sound, 'x', 0);
    for (let restart = 0; restart < KEYS.length; restart++) {
      const before = new DataBlock(sound, 'x', 0).restartOffset(Math.max(restart - 1, 0));
      for (const lie of [entriesEnd, 2 ** 31, 2 ** 32 - 1, restart === 0 ? 4 : before]) {
        const bytes = sound.slice();
        storeUint32(bytes, restarts + 4 * restart, lie);
        expect(() => new DataBlock(bytes, 'x', 0)).toThrow(`restart ${restart} points to ${lie}`);
      }
    }
  });

  test('takes no more bytes for tags than they need', () => {
    // Kind alone: all sequences and times are equal.
    const entries = KEYS.reduce((sum, _, index) => sum + 3 + 1 + index, 0);
    expect(builtBlock().length).toBe(entries + KEYS.length * (1 + 4) + BLOCK_TAIL_BYTES);
  });

  test('is searched by halving its restarts', () => {
    const block = new DataBlock(builtBlock(), 'x', 0);
    const search = new BlockSearch();
    for (const [index, key] of KEYS.entries()) {
      const steps: HalvingStep[] = [];
      search.run(block, encodeUtf8(key), 7, steps);
      expect([search.index, search.sameKey]).toEqual([index, true]);
      expect(steps.length).toBe(3);
      for (const { key: middle, comparison } of steps) {
        expect(comparison).toBe(Math.sign(encodeUtf8(key)[0]! - middle[0]!));
      }
      expect(search.decoded).toBeLessThanOrEqual(2);
    }
  });
});
