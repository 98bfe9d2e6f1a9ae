// One column family of a RocksDB store to read from: its own order, its merge operator, its
// memtables and tables.

import { LsmError } from '../../base/errors.ts';
import type { FileNumber, SequenceNumber, TableInfo } from '../../protocol/events.ts';
import { TRAILER_BYTES } from '../internalKey.ts';
import { chainsOf } from '../chainCursor.ts';
import type { ChainLink } from '../chainCursor.ts';
import type { EntryCursor } from '../entryCursor.ts';
import type { CompareKeys, KeyOrder } from '../keyOrder.ts';
import { inAskingOrder, placesOf, runsOf } from '../levelOrder.ts';
import { HidingCursor } from '../hidingCursor.ts';
import { MissingFile } from '../liveReads.ts';
import type { LiveReads } from '../liveReads.ts';
import { ListCursor } from '../listCursor.ts';
import { liveEntries } from '../mergedView.ts';
import type { ProblemList } from '../problems.ts';
import { RangeCover } from '../rangeCover.ts';
import { SstCursor } from '../sst/sstCursor.ts';
import type { SstReader } from '../sst/sstReader.ts';
import type { FamilyReader } from '../storeReader.ts';
import type { TableFiles } from '../tableFiles.ts';
import { tracedGet } from '../tracedGet.ts';
import type { Telling } from '../tracedGet.ts';
import type { ValueRules } from '../valueRules.ts';
import type { ViewRange } from '../viewRange.ts';
import type { FamilyVersion } from './manifest.ts';
import type { FamilyMemtables } from './memtables.ts';
import type { RocksdbTable } from './newFile.ts';

/** What a family's reader needs of its store. */
export interface FamilyWorld {
  readonly files: TableFiles<SstReader>;
  readonly problems: ProblemList;
  readonly live: LiveReads;
  readonly manifestName: string;
  readonly infoOf: (level: number, table: RocksdbTable) => TableInfo;
  /** Sequence numbers that are not to be seen. */
  readonly hidden: () => ReadonlySet<number>;
  readonly lastSequence: () => SequenceNumber;
  /** How often the manifest has changed so far. */
  readonly edits: () => number;
  readonly nowMicros: () => number;
}

/** Reads one family. */
export class RocksdbFamilyReader implements FamilyReader {
  readonly order: KeyOrder;
  private readonly family: FamilyVersion;
  private readonly memtables: FamilyMemtables;
  private readonly rules: ValueRules;
  private readonly world: FamilyWorld;
  /** As `levels` gave them after so many edits. */
  private ordered:
    | { readonly edits: number; readonly levels: readonly (readonly TableInfo[])[] }
    | undefined;

  constructor(
    family: FamilyVersion,
    memtables: FamilyMemtables,
    order: KeyOrder,
    rules: ValueRules,
    world: FamilyWorld,
  ) {
    this.family = family;
    this.memtables = memtables;
    this.order = order;
    this.rules = rules;
    this.world = world;
  }

  get hasOrder(): boolean {
    return this.order.compare !== undefined;
  }

  get(key: Uint8Array, telling?: Telling): Uint8Array | undefined {
    const { world, rules, memtables } = this;
    const compare = this.requireOrder();
    const places = {
      family: this.family.id,
      compare,
      rules,
      memtables: memtables.newestFirst.map(({ number, entries, rangeDeletes }) => ({
        memtable: number,
        entries,
        rangeDeletes,
      })),
      hidden: world.hidden(),
      lastSequence: world.lastSequence(),
      tables: placesOf(key, this.levels(), compare),
      open: (file: FileNumber) => world.files.reader(file),
      nowMicros: world.nowMicros,
    };
    return tracedGet(places, key, telling);
  }

  entries(range: ViewRange): Iterable<readonly [Uint8Array, Uint8Array]> {
    const { compare } = this.order;
    if (compare === undefined) return this.allVersions(range);
    const cover = new RangeCover(compare);
    const { rules, world } = this;
    const onFault = (thrown: unknown): void => {
      if (thrown instanceof MissingFile && !world.live.isLost(thrown)) throw thrown;
      world.problems.addThrown(thrown, world.manifestName);
    };
    const cursors = this.cursors(compare, cover, world.live);
    return liveEntries({ cursors, compare, rules, cover, onFault }, range);
  }

  /** Tables of each level as RocksDB asks them: level 0 newest first, deeper ones by their keys. */
  private levels(): readonly (readonly TableInfo[])[] {
    const edits = this.world.edits();
    if (this.ordered?.edits !== edits) {
      const levels = this.family.levels.map((tables, level) => this.inOrder(tables, level));
      this.ordered = { edits, levels };
    }
    return this.ordered.levels;
  }

  private inOrder(tables: ReadonlyMap<FileNumber, RocksdbTable>, level: number): TableInfo[] {
    const compare: CompareKeys = this.order.compare ?? (() => 0);
    const all = [...tables.values()];
    if (level === 0) all.sort((left, right) => newestFirst(left, right, compare));
    const infos = all.map((table) => this.world.infoOf(level, table));
    return level === 0 ? infos : inAskingOrder(infos, level, compare);
  }

  /** Every place that holds versions: memtables, each table of level 0, each deeper level. */
  private cursors(compare: CompareKeys, cover: RangeCover, live?: LiveReads): EntryCursor[] {
    const cursors: EntryCursor[] = [];
    const hidden = this.world.hidden();
    for (const { entries, rangeDeletes } of this.memtables.newestFirst) {
      cover.add(rangeDeletes);
      cursors.push(seen(new ListCursor(entries, compare), hidden));
    }
    const link = (table: TableInfo): ChainLink => this.link(table, compare, cover, live);
    return [...cursors, ...chainsOf(this.runs(), link, compare)];
  }

  /** Tables that never overlap, together: a deeper level, a sublevel, or one table of level 0. */
  private runs(): readonly (readonly TableInfo[])[] {
    const levels = this.levels();
    const [top = [], ...deeper] = levels;
    const [first] = this.family.levels[0]?.values() ?? [];
    if (first?.sublevel === undefined) return runsOf(levels);
    const sublevels: TableInfo[][] = [];
    for (const table of top) {
      const isNext = sublevels.at(-1)?.[0]?.run !== table.run;
      if (isNext) sublevels.push([table]);
      else sublevels.at(-1)!.push(table);
    }
    return [...sublevels, ...deeper];
  }

  private link(
    table: TableInfo,
    compare: CompareKeys,
    cover: RangeCover,
    live: LiveReads | undefined,
  ): ChainLink {
    const { files, problems, hidden } = this.world;
    let isCovered = false;
    return {
      largestKey: table.largestKey,
      open: (ahead) => {
        const reader = files.walkedReader(table.file, live);
        if (reader === undefined) return undefined;
        if (!isCovered) this.coverBy(reader, table, cover);
        isCovered = true;
        return seen(new SstCursor(reader, compare, problems, ahead), hidden());
      },
    };
  }

  private coverBy(reader: SstReader, table: TableInfo, cover: RangeCover): void {
    try {
      cover.add(reader.rangeDeletions(), table);
    } catch (thrown) {
      this.world.problems.addThrown(thrown, reader.name);
    }
  }

  /** Without an order there is nothing to merge by: table by table, every version. */
  private *allVersions({ limit }: ViewRange): Generator<[Uint8Array, Uint8Array]> {
    let left = limit ?? Infinity;
    const inOrder: CompareKeys = () => 0;
    for (const cursor of this.cursors(inOrder, new RangeCover(inOrder))) {
      for (cursor.first(); cursor.valid && left > 0; cursor.next(), left--) {
        yield [cursor.key.slice(0, cursor.keyLength), cursor.value()];
      }
    }
  }

  private requireOrder(): CompareKeys {
    const { compare, name } = this.order;
    if (compare !== undefined) return compare;
    const message = `the comparator ${name} is not known here: entries can only be listed`;
    throw new LsmError('NOT_SUPPORTED', message);
  }
}

function seen(cursor: EntryCursor, hidden: ReadonlySet<number>): EntryCursor {
  return hidden.size === 0 ? cursor : new HidingCursor(cursor, hidden);
}

/**
 * By sublevels where there are any, and in each by keys. By epochs where both have one: ingested
 * tables may be newer than their sequence numbers.
 */
function newestFirst(left: RocksdbTable, right: RocksdbTable, compare: CompareKeys): number {
  if (left.sublevel !== undefined && right.sublevel !== undefined) {
    const { smallest: first } = left;
    const { smallest: second } = right;
    const keyEnd = ({ length }: Uint8Array): number => length - TRAILER_BYTES;
    return right.sublevel - left.sublevel || compare(first, keyEnd(first), second, keyEnd(second));
  }
  const byEpoch = left.epoch > 0 && right.epoch > 0 ? right.epoch - left.epoch : 0;
  return (
    byEpoch ||
    right.largestSequence - left.largestSequence ||
    right.smallestSequence - left.smallestSequence ||
    right.number - left.number
  );
}
