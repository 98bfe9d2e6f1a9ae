// Numbers by popularity: rank r is drawn with a probability proportional to 1 / r^theta. The method
// of Gray et al., "Quickly Generating Billion-Record Synthetic Databases" (SIGMOD 1994), with theta
// 0.99 as the Yahoo! Cloud Serving Benchmark has it (Cooper et al., 2010).

import type { Random } from '../../base/random.ts';

const THETA = 0.99;
const ALPHA: number = 1 / (1 - THETA);
/** Items that the scrambled form draws ranks from, however many records there are. */
const SCRAMBLED_ITEMS = 10_000_000_000;
/** The sum of 1 / r^0.99 for r = 1 … 10^10; computing it would take a minute. */
const SCRAMBLED_ZETA = 26.46902820178302;

/** Ranks 0 … items - 1, the lower the likelier; `items` may grow. */
export class Zipfian {
  private items: number;
  private zeta: number;
  private eta = 0;

  /** @param zeta the sum over all items when it is known; computed otherwise. */
  constructor(items: number, zeta: number = zetaBetween(0, items)) {
    this.items = items;
    this.zeta = zeta;
    this.setEta();
  }

  /** Extends the range; costs one power for each new item. */
  growTo(items: number): void {
    if (items <= this.items) return;
    this.zeta += zetaBetween(this.items, items);
    this.items = items;
    this.setEta();
  }

  /** The next rank. */
  next(random: Random): number {
    const fraction = fractionOf(random);
    const scaled = fraction * this.zeta;
    if (scaled < 1) return 0;
    if (scaled < 1 + 0.5 ** THETA) return Math.min(1, this.items - 1);
    const rank = Math.floor(this.items * (this.eta * fraction - this.eta + 1) ** ALPHA);
    return Math.min(rank, this.items - 1);
  }

  private setEta(): void {
    const zeta2 = zetaBetween(0, 2);
    this.eta = (1 - (2 / this.items) ** (1 - THETA)) / (1 - zeta2 / this.zeta);
  }
}

/** Popular numbers spread over the whole range instead of crowding at its start. */
export class ScrambledZipfian {
  private readonly ranks = new Zipfian(SCRAMBLED_ITEMS, SCRAMBLED_ZETA);

  /** A number in [0, items). */
  next(random: Random, items: number): number {
    return scramble(this.ranks.next(random)) % items;
  }
}

/** The sum of 1 / r^theta for r = from + 1 … to. */
function zetaBetween(from: number, to: number): number {
  let sum = 0;
  for (let rank = from + 1; rank <= to; rank++) sum += 1 / rank ** THETA;
  return sum;
}

/** Uniform in [0, 1) with 53 bits: 32 would leave out most ranks. */
function fractionOf(random: Random): number {
  const high = random.nextUint32() >>> 5;
  const low = random.nextUint32() >>> 6;
  return (high * 0x400_0000 + low) / 0x20_0000_0000_0000;
}

/**
 * A rank below 2^53 as a well mixed 32-bit number (32-bit FNV-1a over its eight bytes, finalized).
 */
function scramble(rank: number): number {
  let hash = 0x811c9dc5;
  let rest = rank;
  for (let byte = 0; byte < 8; byte++) {
    hash = Math.imul(hash ^ (rest % 256), 0x01000193);
    rest = Math.floor(rest / 256);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
