// Keys and values of the benchmark: 16 decimal digits, and random bytes of the wanted size. A run
// with the same seed writes and reads the same things.

import { Random } from '../../base/random.ts';
import type { LiveEntry } from '../../session/catalogue.ts';

/** Digits in a key. */
const KEY_DIGITS = 16;
/** Values are cut from a pool of random bytes this much longer than one value. */
const POOL_SPARE_BYTES = 64 * 1024;

/** What to write and read. */
export interface BenchPlan {
  /** Entries in each step. */
  readonly operations: number;
  /** Bytes of each value. */
  readonly valueSize: number;
  /** Chooses order and values. */
  readonly seed: number;
}

/** Makes entries numbered 0 … count - 1; the keys of missing entries lie between them. */
export class BenchEntries {
  readonly count: number;
  readonly entrySizeBytes: number;
  private readonly random: Random;
  private readonly pool: Uint8Array;
  private readonly valueSizeBytes: number;

  constructor(plan: BenchPlan) {
    this.count = plan.operations;
    this.valueSizeBytes = plan.valueSize;
    this.entrySizeBytes = KEY_DIGITS + plan.valueSize;
    this.random = new Random(plan.seed);
    this.pool = new Uint8Array(plan.valueSize + POOL_SPARE_BYTES);
    for (let index = 0; index < this.pool.length; index++) {
      this.pool[index] = this.random.nextUint32();
    }
  }

  /** Every entry once, keys ascending. */
  *inOrder(): Generator<LiveEntry> {
    for (let number = 0; number < this.count; number++) yield this.entry(number);
  }

  /** Every entry once, in random order (Fisher and Yates). */
  *shuffled(): Generator<LiveEntry> {
    const numbers = Uint32Array.from({ length: this.count }, (_, index) => index);
    for (let left = this.count; left > 0; left--) {
      const chosen = this.random.nextBelow(left);
      const number = numbers[chosen]!;
      numbers[chosen] = numbers[left - 1]!;
      yield this.entry(number);
    }
  }

  /** As many keys as there are entries, none of them in the store. */
  *missingKeys(): Generator<Uint8Array> {
    for (let done = 0; done < this.count; done++) {
      yield keyOf(this.random.nextBelow(this.count), 'x');
    }
  }

  private entry(number: number): LiveEntry {
    const start = this.random.nextBelow(POOL_SPARE_BYTES);
    return [keyOf(number, ''), this.pool.subarray(start, start + this.valueSizeBytes)];
  }
}

function keyOf(number: number, suffix: string): Uint8Array {
  return Buffer.from(`${String(number).padStart(KEY_DIGITS, '0')}${suffix}`, 'latin1');
}
