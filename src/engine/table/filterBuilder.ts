// Builds a table's filter once all keys are known, so that it is sized by their real number: while
// entries stream by, only the 8-byte hash of each distinct key is kept.

import { storeUint48 } from '../../base/byteWriter.ts';
import {
  bitsOf,
  FILTER_KIND_BLOCKED,
  FILTER_LINE_BYTES,
  FILTER_LINES_MAX,
  FILTER_TAIL_BYTES,
  setBits,
} from './filter.ts';
import { predictedFalsePositiveRate, probesFor } from './filterRate.ts';

/** A finished filter block, without its trailer. */
export interface BuiltFilter {
  readonly bytes: Uint8Array;
  readonly keys: number;
  readonly lineCount: number;
  readonly probes: number;
  readonly predictedRate: number;
}

/** Collects the hashes of a table's distinct keys. */
export class FilterBuilder {
  private words = new Uint32Array(2048);
  private wordCount = 0;
  private readonly bitsPerKey: number;

  /** @param bitsPerKey 1 … 64. */
  constructor(bitsPerKey: number) {
    this.bitsPerKey = bitsPerKey;
  }

  get keys(): number {
    return this.wordCount / 2;
  }

  /** Takes the hash of the next distinct key. */
  add(hash: Uint32Array): void {
    if (this.wordCount === this.words.length) {
      const larger = new Uint32Array(this.words.length * 2);
      larger.set(this.words);
      this.words = larger;
    }
    this.words[this.wordCount++] = hash[0]!;
    this.words[this.wordCount++] = hash[1]!;
  }

  /** The filter over all keys added, of which there is at least one. */
  build(): BuiltFilter {
    const { keys, words } = this;
    const lines = Math.ceil((keys * this.bitsPerKey) / (8 * FILTER_LINE_BYTES));
    const lineCount = Math.min(Math.max(lines, 1), FILTER_LINES_MAX);
    const probes = probesFor(this.bitsPerKey);
    const bytes = new Uint8Array(lineCount * FILTER_LINE_BYTES + FILTER_TAIL_BYTES);
    for (let index = 0; index < this.wordCount; index += 2) {
      setBits(bytes, words[index]!, words[index + 1]!, lineCount, probes);
    }
    const tail = lineCount * FILTER_LINE_BYTES;
    storeUint48(bytes, tail, keys);
    bytes[tail + 6] = probes;
    bytes[tail + 7] = FILTER_KIND_BLOCKED;
    const predictedRate = predictedFalsePositiveRate(keys, lineCount, probes);
    return { bytes, keys, lineCount, probes, predictedRate };
  }

  /** The bits of the key added as number `key`, in a filter that `build` gave. */
  bitsOfKey(key: number, filter: BuiltFilter): number[] {
    const first = this.words[2 * key]!;
    return bitsOf(first, this.words[2 * key + 1]!, filter.lineCount, filter.probes);
  }
}

/** Set bits among the first `length` bytes. */
export function countSetBits(bytes: Uint8Array, length: number): number {
  let count = 0;
  for (let index = 0; index < length; index++) {
    let byte = bytes[index]!;
    for (; byte !== 0; byte &= byte - 1) count++;
  }
  return count;
}
