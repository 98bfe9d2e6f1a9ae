// Writes a table of the sample store: blocks, filter, index, properties, footer.

import { compareBytes } from '../../../src/base/bytes.ts';
import { LINE_BITS, PROBES, RESTART_INTERVAL, bitsOf, hashOf, isSet } from './sampleEntry.ts';
import type { SampleEntry } from './sampleEntry.ts';
import type { SampleStore } from './sampleStore.ts';

export class SampleTableWriter {
  readonly filter: Uint8Array;
  blocks = 0;
  readonly #store: SampleStore;
  readonly #job: number;
  readonly #file: number;
  readonly #entries: readonly SampleEntry[];
  readonly #blockEntries: number;
  #offset = 0;

  constructor(
    store: SampleStore,
    job: number,
    file: number,
    entries: readonly SampleEntry[],
    blockEntries: number,
  ) {
    this.#store = store;
    this.#job = job;
    this.#file = file;
    this.#entries = entries;
    this.#blockEntries = blockEntries;
    this.filter = new Uint8Array(Math.max(1, Math.ceil((entries.length * 10) / LINE_BITS)) * 64);
  }

  write(): number {
    for (let from = 0; from < this.#entries.length; from += this.#blockEntries) {
      this.#dataBlock(from, Math.min(from + this.#blockEntries, this.#entries.length));
    }
    this.#filterBits();
    this.#block('filter', 0, this.filter.length, 0);
    this.#block('index', 0, 18 * this.blocks, this.blocks);
    this.#block('properties', 0, 212, 0);
    this.#block('footer', 0, 64, 0);
    return this.#offset;
  }

  #dataBlock(from: number, to: number): void {
    let sizeBytes = 12;
    for (let index = from; index < to; index++) {
      const entry = this.#entries[index]!;
      const restart = (index - from) % RESTART_INTERVAL === 0;
      const before = this.#entries[index - 1]?.key;
      const sharedBytes = restart || before === undefined ? 0 : sharedLength(before, entry.key);
      sizeBytes += entry.key.length - sharedBytes + entry.valueSizeBytes + 9;
      this.#store.emit({
        ...{ kind: 'table.entry', job: this.#job, file: this.#file, block: this.blocks },
        ...{ entryKind: entry.entryKind, key: entry.key, sequence: entry.sequence },
        ...{ valueSizeBytes: entry.valueSizeBytes, sharedBytes, restart },
        filterHash: hashOf(entry.key),
      });
    }
    this.#block('data', this.blocks, sizeBytes, to - from);
    this.blocks += 1;
  }

  #block(
    blockKind: 'data' | 'filter' | 'index' | 'properties' | 'footer',
    block: number,
    sizeBytes: number,
    entries: number,
  ): void {
    const offset = this.#offset;
    this.#offset += sizeBytes;
    this.#store.emit({
      ...{ kind: 'table.block', job: this.#job, file: this.#file, blockKind, block, offset },
      ...{
        sizeBytes,
        rawSizeBytes: sizeBytes,
        entries,
        restarts: Math.ceil(entries / RESTART_INTERVAL),
      },
      ...{ checksum: this.#store.random.nextUint32(), fileSizeBytes: this.#offset },
      fileEntries: Math.min(this.#entries.length, (block + 1) * this.#blockEntries),
    });
  }

  #filterBits(): void {
    const lines = this.filter.length / 64;
    const distinct = this.#entries.filter(
      ({ key }, index) => index === 0 || compareBytes(key, this.#entries[index - 1]!.key) !== 0,
    );
    const insertions = distinct.map(({ key }) => ({ key, bits: bitsOf(key, lines) }));
    for (const { bits } of insertions) {
      for (const bit of bits) this.filter[bit >> 3]! |= 1 << (bit & 7);
    }
    const bitCount = this.filter.length * 8;
    let bitsSet = 0;
    for (let bit = 0; bit < bitCount; bit++) if (isSet(this.filter, bit)) bitsSet += 1;
    this.#store.emit({
      ...{ kind: 'table.filter', job: this.#job, file: this.#file, keys: distinct.length },
      ...{
        bitCount,
        probes: PROBES,
        bitsSet,
        predictedFalsePositiveRate: (bitsSet / bitCount) ** PROBES,
      },
      bits: this.filter.slice(0, 4096),
      insertions: insertions.slice(0, 64),
    });
  }
}

function sharedLength(left: Uint8Array, right: Uint8Array): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
}
