// Choices about a new store that several commands offer.

import { Option } from 'commander';

/** `--compaction leveled|size-tiered`. */
export function compactionOption(): Option {
  return new Option('--compaction <strategy>', 'how tables are merged').choices([
    'leveled',
    'size-tiered',
  ]);
}
