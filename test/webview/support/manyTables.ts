// Levels with as many tables as a test wants.

import { emptyState } from '../../../src/protocol/emptyState.ts';
import type { TableInfo } from '../../../src/protocol/events.ts';
import type { LevelState, TreeState } from '../../../src/protocol/treeState.ts';

const KEYS_A_TABLE = 100;

function key(number: number): Uint8Array {
  return new TextEncoder().encode(`key:${String(number).padStart(9, '0')}`);
}

function tableOf(file: number, place: number): TableInfo {
  return {
    file,
    name: `${String(file).padStart(6, '0')}.sst`,
    sizeBytes: 2_000_000,
    run: 0,
    entries: KEYS_A_TABLE,
    tombstones: file % 7,
    rangeDeletes: 0,
    smallestKey: key(place * KEYS_A_TABLE),
    largestKey: key(place * KEYS_A_TABLE + KEYS_A_TABLE - 1),
    smallestSequence: file,
    largestSequence: file + KEYS_A_TABLE,
    createdMicros: file * 1000,
    largestTimestampMicros: file * 1000,
    rawKeyBytes: 1300,
    rawValueBytes: 9000,
    dataBlocks: 12,
    filterSizeBytes: 128,
    indexSizeBytes: 200,
    compression: 'none',
    madeBy: 'compaction',
  };
}

/** A level of one run: `count` tables side by side. */
export function levelOfTables(level: number, count: number): LevelState {
  const tables = Array.from({ length: count }, (_, at) => tableOf(level * 1_000_000 + at + 1, at));
  return {
    level,
    tables,
    sizeBytes: count * 2_000_000,
    target: { level, score: 0.8, measure: 'bytes', limit: count * 2_500_000 },
  };
}

/** A store whose levels hold these many tables. */
export function storeOfTables(counts: readonly number[]): TreeState {
  const state = emptyState();
  const family = state.families[0]!;
  const levels = counts.map((count, level) => levelOfTables(level, count));
  return { ...state, families: [{ ...family, levels }] };
}
