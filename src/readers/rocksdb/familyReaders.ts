// The readers of all column families of a store, made when they are asked for: which order and
// which merge operator each has, and what is listed when they are not known here.

import type { SequenceNumber, TableInfo } from '../../protocol/events.ts';
import { hasTimestamps, keyOrderNamed } from '../keyOrder.ts';
import type { KeyOrder } from '../keyOrder.ts';
import type { LiveReads } from '../liveReads.ts';
import type { ProblemList } from '../problems.ts';
import type { SstReader } from '../sst/sstReader.ts';
import type { TableFiles } from '../tableFiles.ts';
import type { ValueRules } from '../valueRules.ts';
import type { BlobFiles } from './blobFiles.ts';
import { RocksdbFamilyReader } from './familyReader.ts';
import type { FamilyVersion, RocksdbManifest } from './manifest.ts';
import type { FamilyMemtables } from './memtables.ts';
import { mergeOperatorOf, showOperands } from './mergeOperators.ts';
import type { RocksdbTable } from './newFile.ts';
import { textOption } from './optionsFile.ts';
import type { FamilyOptions } from './optionsFile.ts';
import { rocksdbRules } from './valueRules.ts';

/** What they share. */
export interface FamiliesWorld {
  readonly files: TableFiles<SstReader>;
  readonly problems: ProblemList;
  readonly live: LiveReads;
  readonly blobs: BlobFiles;
  /** Comparators beside RocksDB's own. */
  readonly orders: readonly KeyOrder[];
  readonly manifest: () => RocksdbManifest;
  readonly memtablesOf: (family: FamilyVersion) => FamilyMemtables;
  /** Sequence numbers that are not to be seen. */
  readonly hidden: () => ReadonlySet<number>;
  readonly optionsOf: (family: FamilyVersion) => FamilyOptions;
  readonly infoOf: (level: number, table: RocksdbTable) => TableInfo;
  readonly lastSequence: () => SequenceNumber;
  readonly nowMicros: () => number;
}

/** One reader for each family. */
export class FamilyReaders {
  private readonly world: FamiliesWorld;
  private readers = new WeakMap<FamilyVersion, RocksdbFamilyReader>();
  private readonly orders = new WeakMap<FamilyVersion, KeyOrder>();

  constructor(world: FamiliesWorld) {
    this.world = world;
  }

  /** The family's order; a comparator that is not known is listed. */
  orderOf(family: FamilyVersion): KeyOrder {
    const { name, comparator, timestampsPersisted } = family;
    const known = this.orders.get(family);
    if (known?.name === comparator) return known;
    const order = keyOrderNamed(comparator, this.world.orders);
    this.orders.set(family, order);
    if (order.compare === undefined) {
      this.report(
        `the comparator ${comparator} of column family ${name} is not known here: entries are ` +
          'listed table by table, older versions too',
      );
    }
    if (hasTimestamps(comparator)) {
      this.report(
        `keys of column family ${name} end with a time of 8 bytes (${comparator}): each time of ` +
          'a key is shown as an entry of its own' +
          (timestampsPersisted ? '' : '; its tables do not keep times: they are shown as 0'),
      );
    }
    return order;
  }

  /** Options have changed: they name merge operators. */
  forgetRules(): void {
    this.readers = new WeakMap();
  }

  of(family: FamilyVersion): RocksdbFamilyReader {
    const known = this.readers.get(family);
    if (known !== undefined) return known;
    const { world } = this;
    const order = this.orderOf(family);
    const memtables = world.memtablesOf(family);
    const reader = new RocksdbFamilyReader(family, memtables, order, this.rulesOf(family), {
      ...world,
      manifestName: world.manifest().name,
      edits: () => world.manifest().edits,
    });
    this.readers.set(family, reader);
    return reader;
  }

  private rulesOf(family: FamilyVersion): ValueRules {
    const { blobs, optionsOf } = this.world;
    const option = textOption(optionsOf(family).values, 'merge_operator');
    const operator = mergeOperatorOf(option);
    if (operator !== undefined) return rocksdbRules(blobs, operator, option, () => undefined);
    return rocksdbRules(blobs, showOperands, option, () => {
      const named = option === '' || option === 'nullptr' ? 'is not written down' : `is ${option}`;
      this.report(
        `column family ${family.name} has merged values, whose operator ${named} and not known ` +
          'here: their operands are shown, oldest first, a line each',
      );
    });
  }

  private report(message: string): void {
    const { problems, manifest } = this.world;
    problems.add('NOT_SUPPORTED', manifest().name, -1, message);
  }
}
