// RocksDB's plain table: rows and nothing between them. Its own index, by hashes of prefixes, is
// made anew at each start of RocksDB; here the table is read through once, and cut into pieces that
// are shown as blocks.

import { ByteReader } from '../../base/byteReader.ts';
import { corruption, LsmError } from '../../base/errors.ts';
import { TRAILER_BYTES } from '../internalKey.ts';
import type { ProblemList } from '../problems.ts';
import type { ReleasableFile } from '../releasableFile.ts';
import type { Block, BlockCursor } from './block.ts';
import { BlockFile } from './blockFile.ts';
import type { BlockHandle } from './blockHandle.ts';
import { readFooter } from './footer.ts';
import type { Footer } from './footer.ts';
import type { IndexEntry } from './indexBlock.ts';
import { readMetaIndex, readProperties } from './metaIndex.ts';
import { NO_ROW_BEFORE, PlainRows } from './plainRows.ts';
import type { PlainForm, RowBefore } from './plainRows.ts';
import type { RangeDeletion } from './rangeDeletions.ts';
import { RowBlockBuilder } from './rowBlock.ts';
import { walkBlocks } from './sstReader.ts';
import type { SstReader } from './sstReader.ts';
import type { TableProperties } from './tableProperties.ts';

/** Pieces end with the row that fills them; keys count whole. */
const PIECE_BYTES = 16 * 1024;
/** RocksDB keeps such tables in memory whole; so does the one pass over them here. */
const DATA_BYTES_MAX = 512 * 1024 * 1024;
const ENCODING_NAME = 'rocksdb.plain.table.encoding.type';

/** Reads one plain table. */
export class PlainTableReader implements SstReader {
  readonly name: string;
  readonly sizeBytes: number;
  readonly footer: Footer;
  readonly metaBlocks: ReadonlyMap<string, BlockHandle>;
  readonly properties: TableProperties;
  readonly index: readonly IndexEntry[];
  readonly globalSequence = undefined;
  readonly filter = undefined;
  private readonly file: ReleasableFile;
  private readonly form: PlainForm;
  /** For each piece, what its first row is read with. */
  private readonly begins: RowBefore[] = [];
  private kept: { readonly piece: number; readonly block: Block } | undefined;

  /**
   * Reads the table through. The file is let go when that fails.
   * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` or `IO`.
   */
  static open(file: ReleasableFile, name: string): PlainTableReader {
    try {
      return new PlainTableReader(file, name);
    } catch (thrown) {
      file.release();
      throw thrown;
    }
  }

  private constructor(file: ReleasableFile, name: string) {
    this.file = file;
    this.name = name;
    this.sizeBytes = file.sizeBytes();
    this.footer = readFooter(file, name);
    const blocks = new BlockFile(file, name, this.footer, ({ offset }) => {
      throw corruption('plain tables are not compressed', name, offset);
    });
    this.metaBlocks = readMetaIndex(blocks, this.footer.metaindex);
    const properties = readProperties(blocks, this.metaBlocks);
    if (properties === undefined) throw corruption('the table has no properties', name, 0);
    this.properties = properties;
    this.form = formOf(properties, name);
    this.index = this.cutIntoPieces();
  }

  keepsBlock(index: number): boolean {
    return this.kept?.piece === index;
  }

  dataBlock(index: number): Block {
    if (this.kept?.piece === index) return this.kept.block;
    const { handle } = this.index[index]!;
    const rows = this.rowsAt(handle, this.begins[index]!);
    const block = blockOf(rows, this.name, handle.offset);
    this.kept = { piece: index, block };
    return block;
  }

  /** RocksDB keeps none in plain tables. */
  rangeDeletions(): readonly RangeDeletion[] {
    return [];
  }

  forEach(problems: ProblemList, take: (cursor: BlockCursor) => void): void {
    walkBlocks(this, problems, take);
  }

  release(): void {
    this.kept = undefined;
    this.file.release();
  }

  private cutIntoPieces(): IndexEntry[] {
    const { dataSizeBytes } = this.properties;
    if (dataSizeBytes > Math.min(this.sizeBytes, DATA_BYTES_MAX)) {
      const message = `${this.name} has ${dataSizeBytes} bytes of rows: too many to be read`;
      throw new LsmError('NOT_SUPPORTED', message, { file: this.name, offset: 0 });
    }
    const rows = this.rowsAt({ offset: 0, sizeBytes: dataSizeBytes }, NO_ROW_BEFORE);
    const pieces: IndexEntry[] = [];
    let offset = 0;
    let rawBytes = 0;
    let { before } = rows;
    while (rows.next()) {
      rawBytes += rows.key.length + rows.valueEnd - rows.valueStart;
      if (rawBytes < PIECE_BYTES && rows.position < dataSizeBytes) continue;
      const handle = { offset, sizeBytes: rows.position - offset };
      pieces.push({ key: userKeyOf(rows), handle });
      this.begins.push(before);
      offset = rows.position;
      rawBytes = 0;
      ({ before } = rows);
    }
    return pieces;
  }

  private rowsAt(handle: BlockHandle, before: RowBefore): PlainRows {
    return new PlainRows(this.read(handle), this.form, this.name, handle.offset, before);
  }

  private read({ offset, sizeBytes }: BlockHandle): Uint8Array {
    const bytes = new Uint8Array(sizeBytes);
    this.file.read(bytes, 0, sizeBytes, offset);
    return bytes;
  }
}

function formOf(properties: TableProperties, name: string): PlainForm {
  const { fixedKeyLength, all } = properties;
  const stored = all.get(ENCODING_NAME) ?? new Uint8Array(4);
  const encoding = new ByteReader(stored, name).readUint32(ENCODING_NAME);
  if (encoding > 1) throw corruption(`encoding ${encoding} is not known`, name, 0);
  return { encoding: encoding === 1 ? 'prefix' : 'plain', fixedKeyLength };
}

function userKeyOf({ key }: PlainRows): Uint8Array {
  return key.slice(0, key.length - TRAILER_BYTES);
}

/** The same rows as a block. */
function blockOf(rows: PlainRows, file: string, offset: number): Block {
  const builder = new RowBlockBuilder();
  while (rows.next()) builder.add(rows.key, rows.bytes, rows.valueStart, rows.valueEnd);
  return builder.finish(file, offset);
}
