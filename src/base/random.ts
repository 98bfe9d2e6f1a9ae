// Seeded randomness: tower heights, workloads and tests repeat exactly for a given seed.

/**
 * xoshiro128** (Blackman and Vigna, 2018), seeded by SplitMix32. Four 32-bit words of state, period
 * 2^128 - 1; not for secrets.
 */
export class Random {
  private readonly state = new Uint32Array(4);

  /** @param seed any 32-bit integer; equal seeds give equal sequences. */
  constructor(seed: number) {
    let word = seed >>> 0;
    for (let index = 0; index < 4; index++) {
      word = (word + 0x9e3779b9) >>> 0;
      let mixed = word ^ (word >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      this.state[index] = mixed ^ (mixed >>> 15);
    }
  }

  /** The next 32 random bits as an unsigned integer. */
  nextUint32(): number {
    const state = this.state;
    const [first, second, third, fourth] = [state[0]!, state[1]!, state[2]!, state[3]!];
    const times5 = Math.imul(second, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const [thirdMixed, fourthMixed] = [third ^ first, fourth ^ second];
    state[1] = second ^ thirdMixed;
    state[0] = first ^ fourthMixed;
    state[2] = thirdMixed ^ (second << 9);
    state[3] = (fourthMixed << 11) | (fourthMixed >>> 21);
    return result;
  }

  /** Uniform in [0, 1), with 32 bits of resolution. */
  nextFraction(): number {
    return this.nextUint32() / 0x1_0000_0000;
  }

  /** Uniform integer in [0, bound); `bound` in 1 … 2^32. */
  nextBelow(bound: number): number {
    return Math.floor(this.nextFraction() * bound);
  }
}
