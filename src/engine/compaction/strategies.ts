// The strategies by the name that options give them.

import type { CompactionStrategyName } from '../options.ts';
import { leveled } from './leveled.ts';
import { sizeTiered } from './sizeTiered.ts';
import type { CompactionStrategy } from './strategy.ts';

const STRATEGIES: Readonly<Record<CompactionStrategyName, CompactionStrategy>> = {
  leveled,
  'size-tiered': sizeTiered,
};

export function strategyNamed(name: CompactionStrategyName): CompactionStrategy {
  return STRATEGIES[name];
}
