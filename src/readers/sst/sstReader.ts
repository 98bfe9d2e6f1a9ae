// What every kind of table gives once it is open: blocks of entries in order, found by an index.
// Kinds that have no blocks on disk make some in memory.

import type { ProblemList } from '../problems.ts';
import { BlockCursor } from './block.ts';
import type { Block } from './block.ts';
import type { BlockHandle } from './blockHandle.ts';
import type { Footer } from './footer.ts';
import type { IndexEntry } from './indexBlock.ts';
import type { RangeDeletion } from './rangeDeletions.ts';
import { pieceBytesFor, ReadAhead } from './readAhead.ts';
import type { TableFilter } from './filters/tableFilter.ts';
import type { TableProperties } from './tableProperties.ts';

/** An open table. */
export interface SstReader {
  readonly name: string;
  readonly sizeBytes: number;
  readonly footer: Footer;
  readonly index: readonly IndexEntry[];
  /** Metaindex: name of each further block. */
  readonly metaBlocks: ReadonlyMap<string, BlockHandle>;
  /** RocksDB's; LevelDB's tables have none. */
  readonly properties: TableProperties | undefined;
  /** Of an ingested table: the sequence number that all its entries have, whatever is stored. */
  readonly globalSequence: number | undefined;
  /** `undefined` when the table has none that is known here. @throws LsmError as `dataBlock` */
  readonly filter: TableFilter | undefined;
  /** Whether a data block is in memory. */
  keepsBlock(index: number): boolean;
  /**
   * @param ahead what a walk forward reads through: the block is valid until its next one then.
   * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` or `IO`.
   */
  dataBlock(index: number, ahead?: ReadAhead): Block;
  /** What the table deletes by ranges. @throws LsmError as `dataBlock` */
  rangeDeletions(): readonly RangeDeletion[];
  /**
   * Every entry of every block that can be read, in file order; what cannot is listed.
   * @param take gets the cursor, valid during the call.
   */
  forEach(problems: ProblemList, take: (cursor: BlockCursor) => void): void;
  /** Lets go of blocks and descriptor; reading on takes them again. */
  release(): void;
}

/** How a reader's `forEach` walks. */
export function walkBlocks(
  reader: Pick<SstReader, 'name' | 'index' | 'dataBlock'>,
  problems: ProblemList,
  take: (cursor: BlockCursor) => void,
): void {
  const ahead = new ReadAhead(pieceBytesFor(1));
  for (let index = 0; index < reader.index.length; index++) {
    try {
      const cursor = new BlockCursor(reader.dataBlock(index, ahead));
      for (cursor.first(); cursor.valid; cursor.next()) take(cursor);
    } catch (thrown) {
      problems.addThrown(thrown, reader.name);
    }
  }
}
