// Reads one key from the sample store, place by place.

import { compareBytes } from '../../../src/base/bytes.ts';
import type { HalvingStep } from '../../../src/protocol/events.ts';
import {
  LINE_BITS,
  PROBES,
  RESTART_INTERVAL,
  bitsOf,
  hashOf,
  isSet,
  searchPath,
} from './sampleEntry.ts';
import type { SampleEntry, SampleTable } from './sampleEntry.ts';
import type { SampleStore } from './sampleStore.ts';

export class SampleReader {
  readonly #store: SampleStore;
  readonly #operation: number;
  readonly #key: Uint8Array;
  readonly #sequence: number;
  #found: { entry: SampleEntry; table: SampleTable | undefined } | undefined;
  #tables = 0;
  #negatives = 0;
  #blocks = 0;
  #cached = 0;

  constructor(store: SampleStore, operation: number, key: Uint8Array, sequence: number) {
    this.#store = store;
    this.#operation = operation;
    this.#key = key;
    this.#sequence = sequence;
  }

  memtable(nodes: readonly SampleEntry[], memtable: number): void {
    const same = nodes.filter(({ key }) => compareBytes(key, this.#key) === 0);
    const entry = same.find(({ sequence }) => sequence <= this.#sequence);
    if (entry !== undefined) this.#found = { entry, table: undefined };
    this.#store.emit({
      ...{ kind: 'memtable.lookup', operation: this.#operation, memtable, immutable: false },
      path: searchPath(nodes, this.#key, this.#sequence),
      ...{ result: resultOf(entry), sequence: entry?.sequence ?? 0 },
      passedOver: same.filter(({ sequence }) => sequence > this.#sequence).length,
    });
  }

  table(table: SampleTable): void {
    if (this.#found !== undefined) return;
    const { info, level } = table;
    const tie = { operation: this.#operation, level, file: info.file };
    this.#tables += 1;
    if (
      compareBytes(this.#key, info.smallestKey) < 0 ||
      compareBytes(this.#key, info.largestKey) > 0
    ) {
      this.#store.emit({ kind: 'table.skip', ...tie, reason: 'key-range' });
      return;
    }
    if (!this.#filter(table)) return;
    const blocks = info.dataBlocks;
    const index = this.#index(table, tie);
    this.#blocks += 1;
    const cacheHit = this.#store.below(2) === 0;
    if (cacheHit) this.#cached += 1;
    this.#store.emit({
      ...{ kind: 'block.read', operation: this.#operation, file: info.file, block: index },
      ...{ offset: index * 410, sizeBytes: 410, rawSizeBytes: 410, cacheHit },
      ...{ durationMicros: cacheHit ? 0.6 : 38, cacheSizeBytes: 4100, cacheBlocks: blocks },
    });
    this.#search(table, tie, index);
  }

  #filter({ info, level, filter }: SampleTable): boolean {
    const lines = filter.length / 64;
    const bits = bitsOf(this.#key, lines);
    const line = Math.floor(bits[0]! / LINE_BITS);
    const seen: { bit: number; set: boolean }[] = [];
    for (const bit of bits) {
      seen.push({ bit, set: isSet(filter, bit) });
      if (!seen.at(-1)!.set) break;
    }
    const maybe = seen.every(({ set }) => set);
    if (!maybe) this.#negatives += 1;
    this.#store.emit({
      ...{ kind: 'filter.check', operation: this.#operation, level, file: info.file },
      ...{ hash: hashOf(this.#key), bitCount: filter.length * 8, line },
      lineBytes: filter.slice(line * 64, line * 64 + 64),
      ...{ probes: seen, probesMax: PROBES, verdict: maybe ? 'maybe' : 'absent' },
      predictedFalsePositiveRate: 0.0082,
    });
    return maybe;
  }

  #index(table: SampleTable, tie: { operation: number; level: number; file: number }): number {
    const { blockEntries, entries, info } = table;
    const lasts = Array.from(
      { length: info.dataBlocks },
      (_, block) => entries[Math.min(entries.length, (block + 1) * blockEntries) - 1]!.key,
    );
    const steps = halving(lasts, this.#key);
    const block = lasts.findIndex((last) => compareBytes(this.#key, last) <= 0);
    this.#store.emit({ kind: 'index.seek', ...tie, blocks: info.dataBlocks, steps, block });
    return Math.max(0, block);
  }

  #search(
    table: SampleTable,
    tie: { operation: number; level: number; file: number },
    block: number,
  ): void {
    const inside = table.entries.slice(
      block * table.blockEntries,
      (block + 1) * table.blockEntries,
    );
    const restarts = inside.filter((_, index) => index % RESTART_INTERVAL === 0);
    const same = inside.filter(({ key }) => compareBytes(key, this.#key) === 0);
    const entry = same.find(({ sequence }) => sequence <= this.#sequence);
    if (entry !== undefined) this.#found = { entry, table };
    this.#store.emit({
      ...{ kind: 'block.search', ...tie, block },
      steps: halving(
        restarts.map(({ key }) => key),
        this.#key,
      ),
      ...{ entriesDecoded: 3, result: resultOf(entry), sequence: entry?.sequence ?? 0 },
      passedOver: same.filter(({ sequence }) => sequence > this.#sequence).length,
      falsePositive: same.length === 0,
    });
  }

  end(): void {
    const found = this.#found;
    this.#store.emit({
      ...{ kind: 'get.end', operation: this.#operation, result: resultOf(found?.entry) },
      source: found === undefined ? 'none' : found.table === undefined ? 'memtable' : 'table',
      ...{ level: found?.table?.level ?? -1, file: found?.table?.info.file ?? 0 },
      sequence: found?.entry.sequence ?? 0,
      valueSizeBytes: found?.entry.valueSizeBytes ?? 0,
      valuePreview: found?.entry.valuePreview ?? new Uint8Array(0),
      ...{ tablesConsidered: this.#tables, filterNegatives: this.#negatives },
      ...{ blocksRead: this.#blocks, blocksFromCache: this.#cached, durationMicros: 41.2 },
    });
  }
}

function resultOf(entry: SampleEntry | undefined): 'found' | 'tombstone' | 'absent' {
  if (entry === undefined) return 'absent';
  return entry.entryKind === 'delete' ? 'tombstone' : 'found';
}

/** The halvings that find the first of `keys` not smaller than `key`. */
function halving(keys: readonly Uint8Array[], key: Uint8Array): readonly HalvingStep[] {
  const steps: HalvingStep[] = [];
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const comparison = Math.sign(compareBytes(key, keys[middle]!));
    steps.push({ low, middle, high, key: keys[middle]!, comparison });
    if (comparison > 0) low = middle + 1;
    else high = middle;
  }
  return steps;
}
