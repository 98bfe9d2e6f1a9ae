// `npm run fuzz -- [part of a name] [--seconds 60] [--seed S]`: fuzzes every parser for so long,
// keeps what it finds in `corpus/`, and ends with one line of figures.

// First of all: it counts what is loaded after it.
import './coverage.ts';
import { parseArgs } from 'node:util';
import { readCorpus, writeCorpus } from './corpus.ts';
import { distilled, fuzz } from './fuzzRun.ts';
import { PARSERS } from './parsers.ts';

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
  allowPositionals: true,
});
const wanted = positionals[0] ?? '';
const bounds = { seed: Number(values.seed), millis: 1000 * Number(values.seconds), runsMin: 1 };
const figures = { parsers: 0, runs: 0, kept: 0, faults: 0 };

for (const parser of PARSERS.filter(({ name }) => name.includes(wanted))) {
  const corpus = readCorpus(parser.name);
  const { runs, found, fault } = await fuzz(parser, corpus, bounds);
  const kept = await distilled(parser, [...corpus, ...found]);
  writeCorpus(parser.name, kept);
  figures.parsers++;
  figures.runs += runs;
  figures.kept += kept.length;
  if (fault !== undefined) figures.faults++;
  process.stdout.write(
    `${parser.name}: ${runs} runs, ${found.length} new inputs, ${kept.length} kept\n`,
  );
  if (fault !== undefined) process.stdout.write(`${parser.name}: ${fault}\n`);
}
const { parsers, runs, kept, faults } = figures;
process.stdout.write(
  `fuzz: seed ${values.seed}, ${parsers} parsers, ${runs} runs, ${kept} inputs kept, ` +
    `${faults} faults\n`,
);
process.exit(faults === 0 ? 0 : 1);
