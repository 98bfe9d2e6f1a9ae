// How long something took, over all times it was done: a histogram whose buckets are equally wide
// within a power of two and twice as wide in the next one, so that every duration is known to
// within one thirty-second of itself. As HdrHistogram (Gil Tene, github.com/HdrHistogram), with 5
// bits of precision:
//
//   micros    0 … 63     one bucket each
//            64 … 127    32 buckets of 2
//           128 … 255    32 buckets of 4, and so on up to 2^31 - 1, about 36 minutes
//
// Recording is a shift and an addition; nothing is allocated.

import type { LatencyStats } from '../../protocol/storeStats.ts';

const PRECISION_BITS = 5;
const BUCKETS_PER_POWER = 1 << PRECISION_BITS;
/** Longer durations are counted as this long; their sum is kept as it is. */
const MICROS_MAX = 2 ** 31 - 1;
const BUCKETS = (31 - PRECISION_BITS) * BUCKETS_PER_POWER + BUCKETS_PER_POWER;

/** Durations of one kind of work, microseconds. */
export class LatencyHistogram {
  private readonly counts: Float64Array = new Float64Array(BUCKETS);
  private count = 0;
  private sumMicros = 0;
  private maxMicros = 0;

  /** Counts one duration, a whole number of microseconds; below 0 counts as 0. */
  record(durationMicros: number): void {
    const micros = durationMicros < 0 ? 0 : durationMicros;
    this.count++;
    this.sumMicros += micros;
    if (micros > this.maxMicros) this.maxMicros = micros;
    this.counts[bucketOf(micros < MICROS_MAX ? micros : MICROS_MAX)]!++;
  }

  /**
   * The duration that a share of all did not exceed, to within one thirty-second; 0 when there was
   * none.
   * @param share from 0 to 1.
   */
  percentile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.counts[bucket]!;
      if (seen >= wanted) return Math.min(lastOf(bucket), this.maxMicros);
    }
    return this.maxMicros;
  }

  /** The figures as of now. */
  stats(): LatencyStats {
    return {
      count: this.count,
      sumMicros: this.sumMicros,
      maxMicros: this.maxMicros,
      p50Micros: this.percentile(0.5),
      p90Micros: this.percentile(0.9),
      p99Micros: this.percentile(0.99),
      p999Micros: this.percentile(0.999),
      belowPowers: this.belowPowers(),
    };
  }

  /** How many were shorter than 1, 2, 4, … microseconds, as far as any was longer. */
  private belowPowers(): number[] {
    const below: number[] = [];
    let seen = 0;
    let bucket = 0;
    for (let power = 1; power <= 2 ** 31; power *= 2) {
      for (; bucket < BUCKETS && lastOf(bucket) < power; bucket++) seen += this.counts[bucket]!;
      below.push(seen);
      if (seen === this.count) break;
    }
    return below;
  }
}

function bucketOf(micros: number): number {
  const shift = 31 - Math.clz32(micros) - PRECISION_BITS;
  return shift <= 0 ? micros : shift * BUCKETS_PER_POWER + (micros >>> shift);
}

/** The longest duration that a bucket counts, microseconds. */
function lastOf(bucket: number): number {
  if (bucket < 2 * BUCKETS_PER_POWER) return bucket;
  const shift = Math.floor(bucket / BUCKETS_PER_POWER) - 1;
  const first = (bucket - shift * BUCKETS_PER_POWER) * 2 ** shift;
  return first + 2 ** shift - 1;
}
