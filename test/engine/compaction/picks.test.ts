// What each strategy picks, held against a text that a person can read and check by hand.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMPACTION_STRATEGIES } from '../../../src/engine/compaction/compactionOptions.ts';
import { strategyNamed } from '../../../src/engine/compaction/strategies.ts';
import type { CompactionPlan, RunningCompaction } from '../../../src/engine/compaction/strategy.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import type { TableInfo } from '../../../src/protocol/events.ts';
import { table, versionOf } from '../tableFixture.ts';
import { busy, contextOf, inputsOf } from './strategyFixture.ts';

const HOUR_MICROS = 3600 * 1e6;
const EPOCH_MICROS = 480_000 * HOUR_MICROS;
/** The hour at which strategies are asked. */
const NOW_HOUR = 4;

const CASES = readFileSync(join(import.meta.dirname, 'picks.golden.txt'), 'utf8')
  .trimEnd()
  .split('\n\n')
  .slice(1);

type Placed = readonly [level: number, table: TableInfo];

/** One table, and the compaction under way that has taken it. */
function tableOf(text: string): [TableInfo, RunningCompaction | undefined] {
  const parts = /^(\d+)\[(\w+)-(\w+)\]((?:[xrhd]\d+)*)(?:\*(\d+))?$/.exec(text);
  if (parts === null) throw new Error(`no table: ${text}`);
  const [, number, from, to, figures, into] = parts as unknown as string[];
  const file = Number(number);
  const figure = (letter: string, otherwise: number): number =>
    Number(new RegExp(`${letter}(\\d+)`).exec(figures!)?.[1] ?? otherwise);
  const info = table(file, from!, to!, {
    sizeBytes: 1000 * figure('x', 1),
    run: figure('r', file),
    tombstones: figure('d', 0),
    largestTimestampMicros: EPOCH_MICROS + figure('h', NOW_HOUR) * HOUR_MICROS,
  });
  return [info, into === undefined ? undefined : busy([file], Number(into), from!, to!)];
}

function optionsOf(words: readonly string[]): LsmOptions {
  const entries = words.map((word) => word.split('=') as [string, string]);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (value === 'true') return [name, true];
      return [name, /^\d+$/.test(value) ? Number(value) : value];
    }),
  );
}

function told(plan: CompactionPlan | undefined): string {
  if (plan === undefined) return 'nothing';
  const { outputLevel, outputRun, manner, reason } = plan;
  const inputs = inputsOf(plan).join(' + ');
  return `${inputs} into ${outputLevel}, run ${outputRun}, ${manner}, ${reason}`;
}

/** The case with what is picked now in its last line. */
function replayed(text: string): string {
  const lines = text.split('\n');
  const [name, ...words] = lines[0]!.split(' ');
  const strategy = COMPACTION_STRATEGIES.find((each) => each === name)!;
  const placed: Placed[] = [];
  const running: RunningCompaction[] = [];
  for (const line of lines.slice(1, -1)) {
    const [level, tables] = line.trim().split(': ') as [string, string];
    for (const [info, taken] of tables.split(' ').map(tableOf)) {
      placed.push([Number(level), info]);
      if (taken !== undefined) running.push(taken);
    }
  }
  const nowMicros = EPOCH_MICROS + NOW_HOUR * HOUR_MICROS;
  const options = optionsOf(words);
  const context = contextOf(versionOf(placed, 4), { running, nowMicros }, options);
  const { plan } = strategyNamed(strategy).decide(context);
  return [...lines.slice(0, -1), `  -> ${told(plan)}`].join('\n');
}

describe('each strategy picks', () => {
  test.each(CASES)('%s', (text) => {
    expect(replayed(text)).toBe(text);
  });

  test('something in the golden file', () => {
    const names = new Set(CASES.map((text) => text.split(' ')[0]!.split('\n')[0]));
    expect([...names]).toEqual(expect.arrayContaining([...COMPACTION_STRATEGIES]));
  });
});
