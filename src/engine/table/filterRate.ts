// How good a blocked bloom filter will be, and how many probes suit it.

const LINE_BITS = 512;
/** More probes cost time at every check; a rate within this factor of the best is good enough. */
const GOOD_ENOUGH = 1.05;
const PROBES_MAX = 24;

/**
 * The expected share of "maybe" for keys that are not there. The keys of a line are Poisson
 * distributed around keys / lines; a line with j keys has each bit set with probability 1 - (1 -
 * 1/512)^(jk).
 */
export function predictedFalsePositiveRate(keys: number, lines: number, probes: number): number {
  const mean = keys / lines;
  const most = Math.ceil(mean + 10 * Math.sqrt(mean) + 10);
  const unsetByOneKey = (1 - 1 / LINE_BITS) ** probes;
  let rate = 0;
  // Logarithms, because e^-mean alone is no number any more for crowded lines.
  let logProbability = -mean;
  for (let count = 0; count <= most; count++) {
    if (count > 0) logProbability += Math.log(mean) - Math.log(count);
    rate += Math.exp(logProbability) * (1 - unsetByOneKey ** count) ** probes;
  }
  return Math.min(1, rate);
}

const probesOfBits = new Map<number, number>();

/** Probes for a filter with so many bits a key: the fewest whose rate is close to the best. */
export function probesFor(bitsPerKey: number): number {
  const known = probesOfBits.get(bitsPerKey);
  if (known !== undefined) return known;
  const rates: number[] = [];
  for (let probes = 1; probes <= PROBES_MAX; probes++) {
    rates.push(predictedFalsePositiveRate(LINE_BITS / bitsPerKey, 1, probes));
  }
  const best = Math.min(...rates);
  const chosen = rates.findIndex((rate) => rate <= best * GOOD_ENOUGH) + 1;
  probesOfBits.set(bitsPerKey, chosen);
  return chosen;
}
