// Every parser of bytes from outside is given mutated bytes: it reads them or throws one of our
// errors, in bounded memory. A failure prints the seed of its random numbers and the bytes.

// First of all: it counts what is loaded after it.
import './coverage.ts';
import { describe, expect, test } from 'vitest';
import { EXHAUSTIVE, note } from '../effort.ts';
import { readCorpus } from './corpus.ts';
import { fuzz, outcomeOf } from './fuzzRun.ts';
import { PARSERS } from './parsers.ts';

const BOUNDS = { seed: 20_261_127, millis: EXHAUSTIVE ? 120_000 : 1000, runsMin: 150 };

describe.each(PARSERS)('$name', (parser) => {
  test('reads what was written well', async () => {
    expect(await outcomeOf(parser.read, parser.seeds[0]!)).toBeUndefined();
  });

  test('survives any bytes', async () => {
    const corpus = readCorpus(parser.name);
    const runsMin = parser.runsMin ?? BOUNDS.runsMin;
    const { runs, found, fault } = await fuzz(parser, corpus, { ...BOUNDS, runsMin });
    const told = `${runs} runs, ${corpus.length} of the corpus, ${found.length} found`;
    note(`fuzz, ${parser.name}: ${told}, seed ${BOUNDS.seed}`);
    expect(fault, `seed ${BOUNDS.seed}`).toBeUndefined();
  });
});
