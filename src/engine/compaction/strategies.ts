// The strategies by the name that options give them.

import type { CompactionStrategyName } from './compactionOptions.ts';
import { fifo } from './fifo.ts';
import { leveled } from './leveled.ts';
import { sizeTiered } from './sizeTiered.ts';
import type { CompactionStrategy } from './strategy.ts';
import { timeWindow } from './timeWindow.ts';
import { lazyLeveled, unified } from './unified.ts';

const STRATEGIES: Readonly<Record<CompactionStrategyName, CompactionStrategy>> = {
  leveled,
  'size-tiered': sizeTiered,
  'lazy-leveled': lazyLeveled,
  unified,
  fifo,
  'time-window': timeWindow,
};

export function strategyNamed(name: CompactionStrategyName): CompactionStrategy {
  return STRATEGIES[name];
}
