// One column family of an open store: what reads, flushes and compactions of it work on.

import type { LevelTarget } from '../../protocol/events.ts';
import { strategyNamed } from '../compaction/strategies.ts';
import type { CompactionStrategy } from '../compaction/strategy.ts';
import type { FamilyVersion } from '../manifest/version.ts';
import type { Memtable } from '../memtable/memtable.ts';
import type { ResolvedOptions } from '../options.ts';
import { MemtableQueue } from '../write/memtableQueue.ts';
import type { MemtableMaker } from '../write/memtableQueue.ts';

/** A key space with its own memtables and tables. */
export class FamilyState {
  readonly id: number;
  readonly name: string;
  readonly options: ResolvedOptions;
  readonly strategy: CompactionStrategy;
  readonly memtables: MemtableQueue;
  /** Its tables in the newest version; a plain field, since every get comes this way. */
  version: FamilyVersion;

  constructor(name: string, version: FamilyVersion, options: ResolvedOptions, make: MemtableMaker) {
    this.id = version.family;
    this.name = name;
    this.options = options;
    this.strategy = strategyNamed(options.compaction);
    this.memtables = new MemtableQueue(this.id, options.memtableSize, make);
    this.version = version;
  }

  /** How full each level is, index = level. */
  targets(): LevelTarget[] {
    return this.strategy.targets(this.version, this.options);
  }

  /** Its memtables, oldest first. */
  *allMemtables(): Generator<Memtable> {
    for (const { memtable } of this.memtables.sealed) yield memtable;
    yield this.memtables.active;
  }
}
