// A strategy's surroundings for tests: options that make small numbers matter.

import type {
  RunningCompaction,
  StrategyContext,
} from '../../../src/engine/compaction/strategy.ts';
import { familyOf } from '../../../src/engine/manifest/version.ts';
import type { Version } from '../../../src/engine/manifest/version.ts';
import { resolveOptions } from '../../../src/engine/options.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import type { CompactionPlan } from '../../../src/engine/compaction/strategy.ts';

const SMALL: LsmOptions = {
  maxL0SSTables: 3,
  levelBaseSize: 3000,
  levelMultiplier: 2,
  maxLevels: 4,
  tierRuns: 3,
  targetTableSize: 1024,
};

export function contextOf(
  version: Version,
  rest: Partial<StrategyContext> = {},
  options: LsmOptions = {},
): StrategyContext {
  return {
    version: familyOf(version, 0),
    options: resolveOptions({ ...SMALL, ...options }),
    running: [],
    cursors: new Map(),
    nowMicros: 1_700_000_000_000_000,
    ...rest,
  };
}

/** A plan's inputs as `level: file, file` lines. */
export function inputsOf(plan: CompactionPlan | undefined): string[] {
  if (plan === undefined) return [];
  return plan.inputs.map(
    ({ level, tables }) => `${level}: ${tables.map((table) => table.file).join(', ')}`,
  );
}

/** A compaction under way that has taken `files` and writes `from` … `to` into a level. */
export function busy(
  files: readonly number[],
  outputLevel: number,
  from: string,
  to: string,
): RunningCompaction {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const range = { from: bytes(from), to: bytes(to) };
  return { family: 0, files: new Set(files), outputLevel, range };
}
