// What still verifies of a table. A table that is whole serves as it is. Of a damaged one, each
// data block whose checksum and structure are good is written over into a table of its own beside
// the new store's; that needs the footer and the index, without which no block can be found.

import { compareBytes } from '../../base/bytes.ts';
import { corruption } from '../../base/errors.ts';
import type { VfsFile } from '../../base/vfs.ts';
import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import type { Entry } from '../iterator/entry.ts';
import { beginTable } from '../jobs/jobContext.ts';
import type { TableContext } from '../jobs/jobContext.ts';
import { BlockIndex } from '../table/blockIndex.ts';
import { decodePartition, PartitionedIndex } from '../table/partitionedIndex.ts';
import type { TableIndex } from '../table/tableIndex.ts';
import { BlockIterator } from '../table/blockIterator.ts';
import { readBlock } from '../table/blockTrailer.ts';
import { DataBlock } from '../table/dataBlock.ts';
import { readFooter } from '../table/footer.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';
import { decodeRangeTombstones } from '../table/rangeTombstoneBlock.ts';
import type { TableWriter } from '../table/tableWriter.ts';
import { checkStructure } from '../table/verifyTable.ts';
import { messageOf } from './damagedStore.ts';

/** What was saved of a damaged table. */
export interface SalvagedTable {
  /** `undefined` when nothing was. */
  readonly table: TableInfo | undefined;
  /** The first fault of each part that is lost. */
  readonly faults: readonly string[];
}

/** A damaged table, open. */
export interface TableSource {
  readonly file: VfsFile;
  readonly name: string;
  readonly family: number;
  /** Of all entries, when the table was ingested; otherwise 0. */
  readonly givenSequence: number;
}

/**
 * Writes the good blocks of a damaged table into table `output` of the context's directory.
 * @throws LsmError `IO` when it cannot be written.
 */
export async function salvageTable(
  context: TableContext,
  source: TableSource,
  output: FileNumber,
): Promise<SalvagedTable> {
  const faults: string[] = [];
  const index = attempt(faults, () => indexOf(context, source));
  if (index === undefined) return { table: undefined, faults };
  const place = { file: output, run: output, level: 0, family: source.family };
  const writer = beginTable(context, { ...place, madeBy: 'unknown', inputs: [] });
  try {
    const copy = new BlockCopy(context, source, index, writer);
    for (let block = 0; block < index.blockCount; block++) {
      attempt(faults, () => copy.block(block));
      await context.environment.scheduler.turn();
    }
    const tombstones = attempt(faults, () => rangeTombstonesOf(context, source)) ?? [];
    writer.setRangeTombstones(tombstones);
    if (writer.entries + tombstones.length > 0)
      return { table: (await writer.finish()).table, faults };
    writer.abandon();
    return { table: undefined, faults };
  } catch (thrown) {
    writer.abandon();
    throw thrown;
  }
}

function indexOf({ environment }: TableContext, { file, name }: TableSource): TableIndex {
  const { codecs } = environment;
  const { index, filter } = readFooter(file, name);
  const bytes = readBlock(file, name, index.offset, index.sizeBytes, codecs);
  const whole = new BlockIndex(bytes, name, index.offset);
  // What it leads to ends where the filter begins: data blocks from the file's start, or else the
  // parts of an index in two levels behind them.
  const dataEnd = filter.offset - whole.offsetOf(whole.blockCount);
  if (dataEnd === 0) return whole;
  if (dataEnd < 0) throw corruption('the index leads beyond the data', name, index.offset);
  const top = new BlockIndex(bytes, name, index.offset, dataEnd);
  return new PartitionedIndex(top, dataEnd, (part) => {
    const place = top.offsetOf(part);
    const partBytes = readBlock(file, name, place, top.sizeOf(part), codecs);
    return decodePartition(partBytes, name, top, part, dataEnd);
  });
}

function rangeTombstonesOf(
  { environment }: TableContext,
  { file, name }: TableSource,
): RangeTombstone[] {
  const { offset, sizeBytes } = readFooter(file, name).rangeTombstones;
  if (sizeBytes === 0) return [];
  const bytes = readBlock(file, name, offset, sizeBytes, environment.codecs);
  return decodeRangeTombstones(bytes, name, offset);
}

function attempt<T>(faults: string[], work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    faults.push(messageOf(thrown));
    return undefined;
  }
}

/** Copies entries, as long as they are in order. */
class BlockCopy {
  private readonly context: TableContext;
  private readonly source: TableSource;
  private readonly index: TableIndex;
  private readonly writer: TableWriter;
  private readonly iterator = new BlockIterator();
  private lastKey: Uint8Array | undefined;
  private lastSequence = 0;

  constructor(context: TableContext, source: TableSource, index: TableIndex, writer: TableWriter) {
    this.context = context;
    this.source = source;
    this.index = index;
    this.writer = writer;
  }

  /** @throws LsmError `CORRUPTION` when the block is not good; then nothing of it was copied. */
  block(block: number): void {
    const { file, name, givenSequence } = this.source;
    const { codecs } = this.context.environment;
    const offset = this.index.offsetOf(block);
    const bytes = readBlock(file, name, offset, this.index.sizeOf(block), codecs);
    const data = new DataBlock(bytes, name, offset, givenSequence);
    checkStructure(data);
    const { iterator, lastKey, lastSequence } = this;
    iterator.open(data);
    for (iterator.first(); iterator.valid; iterator.next()) this.checkOrder(iterator.entry, offset);
    this.lastKey = lastKey;
    this.lastSequence = lastSequence;
    for (iterator.first(); iterator.valid; iterator.next()) {
      this.checkOrder(iterator.entry, offset);
      this.writer.add(iterator.entry);
    }
  }

  private checkOrder(entry: Entry, offset: number): void {
    const key = entry.copyKey();
    const order = this.lastKey === undefined ? -1 : compareBytes(this.lastKey, key);
    if (order > 0 || (order === 0 && entry.sequence >= this.lastSequence)) {
      throw corruption('the entries of a block are not in order', this.source.name, offset);
    }
    this.lastKey = key;
    this.lastSequence = entry.sequence;
  }
}
