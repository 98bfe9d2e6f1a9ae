// One column family of an open store: what reads, flushes and compactions of it work on.

import type { LevelTarget, SequenceNumber } from '../../protocol/events.ts';
import type { StallState } from '../../protocol/treeState.ts';
import { strategyNamed } from '../compaction/strategies.ts';
import type { CompactionStrategy } from '../compaction/strategy.ts';
import { withLevels } from '../manifest/version.ts';
import type { FamilyVersion } from '../manifest/version.ts';
import type { Memtable } from '../memtable/memtable.ts';
import type { OperandMerger } from '../merge/operandMerger.ts';
import type { FamilyOptions, ResolvedOptions } from '../options.ts';
import { MemtableQueue } from '../write/memtableQueue.ts';
import type { MemtableMaker } from '../write/memtableQueue.ts';
import type { ColumnFamily } from './columnFamily.ts';

/** What a family is from the beginning. */
export interface FamilyParameters {
  readonly id: number;
  readonly name: string;
  /** Those that were chosen for it. */
  readonly chosen: FamilyOptions;
  /** All of them. */
  readonly options: ResolvedOptions;
  readonly version: FamilyVersion;
  /** All its entries up to this sequence number are in its tables. */
  readonly flushedSequence: SequenceNumber;
  readonly merger: OperandMerger;
}

/** A key space with its own memtables and tables. */
export class FamilyState implements ColumnFamily {
  readonly id: number;
  readonly name: string;
  readonly chosen: FamilyOptions;
  readonly options: ResolvedOptions;
  readonly strategy: CompactionStrategy;
  readonly memtables: MemtableQueue;
  /** Makes values of its merge operands. */
  readonly merger: OperandMerger;
  /** Its tables in the newest version; a plain field, since every get comes this way. */
  version: FamilyVersion;
  /** As the manifest had it when the store was opened: later entries are in the log. */
  readonly flushedSequence: SequenceNumber;
  /** Why its writers wait or are slowed down, as viewers were told. */
  stall: StallState | null = null;
  /** From the call of its drop on: no more reads, writes or jobs. */
  dropped = false;

  constructor(parameters: FamilyParameters, make: MemtableMaker) {
    this.id = parameters.id;
    this.name = parameters.name;
    this.chosen = parameters.chosen;
    this.options = parameters.options;
    this.strategy = strategyNamed(this.options.compaction);
    this.memtables = new MemtableQueue(this.id, this.options.memtableSize, make);
    this.merger = parameters.merger;
    this.flushedSequence = parameters.flushedSequence;
    this.version = withLevels(parameters.version, this.options.maxLevels);
  }

  /** From now on it shows these tables. */
  show(version: FamilyVersion): void {
    this.version = withLevels(version, this.options.maxLevels);
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
