// What must be true of the tables of a store at every moment, whatever strategy arranged them.

import { compareBytes, encodeHex } from '../../src/base/bytes.ts';
import type { MemoryVfs } from '../../src/base/memoryVfs.ts';
import { BlockCache } from '../../src/engine/cache/blockCache.ts';
import { TableCache } from '../../src/engine/cache/tableCache.ts';
import { EventOutlet } from '../../src/engine/eventOutlet.ts';
import { nodeCodecs } from '../../src/node/nodeCodecs.ts';
import { newCounters } from '../../src/engine/metrics/counters.ts';
import { JOB_READS } from '../../src/engine/table/readContext.ts';
import type { FamilyState, LevelState, TreeState } from '../../src/protocol/treeState.ts';
import { DIRECTORY, TwoHandClock } from '../engine/simulatedWorld.ts';

/** Problems in the order of tables: runs ascending and disjoint, newer runs first. */
export function problemsOfShape(state: TreeState): string[] {
  return state.families.flatMap((family) => family.levels.flatMap(problemsOfLevel));
}

function problemsOfLevel({ level, tables, sizeBytes }: LevelState): string[] {
  const problems: string[] = [];
  for (const [index, table] of tables.entries()) {
    const before = tables[index - 1];
    if (compareBytes(table.smallestKey, table.largestKey) > 0) {
      problems.push(`table ${table.file} of level ${level} ends before it begins`);
    }
    if (before === undefined) continue;
    if (before.run < table.run) problems.push(`level ${level} has run ${table.run} too late`);
    const overlaps = compareBytes(before.largestKey, table.smallestKey) >= 0;
    if (before.run === table.run && overlaps) {
      problems.push(`tables ${before.file} and ${table.file} of level ${level} overlap`);
    }
  }
  const sum = tables.reduce((total, table) => total + table.sizeBytes, 0);
  if (sum !== sizeBytes) problems.push(`level ${level} has ${sum} bytes, it says ${sizeBytes}`);
  return problems;
}

const codecs = nodeCodecs();
await codecs.prepare(['zstd']);

/**
 * Problems in what the tables hold: in reading order each key's versions must become older and
 * older, and no run may hold a key in two tables.
 */
export function problemsOfContent(state: TreeState, vfs: MemoryVfs): string[] {
  const sink = new EventOutlet(undefined);
  const clock = new TwoHandClock();
  const context = {
    cache: new BlockCache<never>(0, sink),
    counters: newCounters(),
    clock,
    codecs,
    sink,
  };
  const cache = new TableCache(vfs, DIRECTORY, context, 100);
  const problems = state.families.flatMap((family) => problemsOfFamily(family, cache));
  cache.close();
  return problems;
}

function problemsOfFamily(family: FamilyState, cache: TableCache): string[] {
  const problems: string[] = [];
  const oldestSeen = new Map<string, { sequence: number; file: number; run: string }>();
  for (const { level, tables } of family.levels) {
    for (const table of tables) {
      const iterator = cache.reader(table).iterator(JOB_READS);
      const run = `${level}/${table.run}`;
      for (iterator.first(); iterator.valid; iterator.next()) {
        const key = encodeHex(iterator.entry.copyKey());
        const { sequence } = iterator.entry;
        const seen = oldestSeen.get(key);
        if (seen !== undefined && seen.sequence <= sequence) {
          problems.push(`key ${key}: #${sequence} of ${table.file} lies below #${seen.sequence}`);
        }
        if (seen !== undefined && seen.run === run && seen.file !== table.file) {
          problems.push(`key ${key} stands in two tables of run ${run}`);
        }
        oldestSeen.set(key, { sequence, file: table.file, run });
      }
    }
  }
  return problems;
}
