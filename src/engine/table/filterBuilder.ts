// Builds a table's filter once all keys are known, so that it is sized by their real number: while
// entries stream by, only the 8-byte hash of each distinct key, and of each distinct prefix, is
// kept.

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
import { HashList } from './hashList.ts';

/** A finished filter block, without its trailer. */
export interface BuiltFilter {
  readonly bytes: Uint8Array;
  readonly keys: number;
  readonly lineCount: number;
  readonly probes: number;
  readonly predictedRate: number;
}

/** Collects the hashes of a table's distinct keys and prefixes. */
export class FilterBuilder {
  private readonly keyHashes = new HashList();
  private readonly prefixHashes = new HashList();
  private readonly bitsPerKey: number;

  /** @param bitsPerKey above 0, up to 64. */
  constructor(bitsPerKey: number) {
    this.bitsPerKey = bitsPerKey;
  }

  get keys(): number {
    return this.keyHashes.count;
  }

  get prefixes(): number {
    return this.prefixHashes.count;
  }

  /** Takes the hash of the next distinct key. */
  add(hash: Uint32Array): void {
    this.keyHashes.add(hash);
  }

  /** Takes the hash of the next distinct prefix. */
  addPrefix(hash: Uint32Array): void {
    this.prefixHashes.add(hash);
  }

  /** The filter over all keys added, of which there is at least one. */
  build(): BuiltFilter {
    const keys = this.keys + this.prefixes;
    const lines = Math.ceil((keys * this.bitsPerKey) / (8 * FILTER_LINE_BYTES));
    const lineCount = Math.min(Math.max(lines, 1), FILTER_LINES_MAX);
    const probes = probesFor(this.bitsPerKey);
    const bytes = new Uint8Array(lineCount * FILTER_LINE_BYTES + FILTER_TAIL_BYTES);
    for (const { words, count } of [this.keyHashes, this.prefixHashes]) {
      for (let index = 0; index < 2 * count; index += 2) {
        setBits(bytes, words[index]!, words[index + 1]!, lineCount, probes);
      }
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
    const { words } = this.keyHashes;
    return bitsOf(words[2 * key]!, words[2 * key + 1]!, filter.lineCount, filter.probes);
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
