// What a RocksDB table says of itself: its properties block, a block whose keys are names
// (include/rocksdb/table_properties.h). Numbers are varints, but for those noted. Names that are
// not known here stay in `all`.

import { ByteReader } from '../../base/byteReader.ts';
import { copyOfRange, decodeUtf8 } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import { VARINT_SIZE_MAX } from '../../base/varint.ts';
import { Block, BlockCursor } from './block.ts';

/** How a block-based table's index is laid out. */
export type IndexType = 'binary-search' | 'hash-search' | 'two-level' | 'binary-search-first-key';

const INDEX_TYPES: readonly IndexType[] = [
  'binary-search',
  'hash-search',
  'two-level',
  'binary-search-first-key',
];

/** The properties of one table; a number that it does not have is 0, a text empty. */
export interface TableProperties {
  /** All versions, tombstones of ranges too. */
  readonly entries: number;
  /** Tombstones of every kind. */
  readonly deletions: number;
  readonly mergeOperands: number;
  readonly rangeDeletions: number;
  readonly rawKeyBytes: number;
  readonly rawValueBytes: number;
  /** Data blocks as they are stored, with their trailers. */
  readonly dataSizeBytes: number;
  readonly dataBlocks: number;
  readonly indexSizeBytes: number;
  readonly indexPartitions: number;
  readonly indexType: IndexType;
  readonly indexKeysAreUserKeys: boolean;
  readonly indexValuesAreDeltas: boolean;
  readonly filterSizeBytes: number;
  readonly filterEntries: number;
  readonly filterPolicy: string;
  /** Whole keys are in the filter; `false`: only prefixes. */
  readonly wholeKeyFiltering: boolean;
  /** Prefixes are in the filter, by the extractor below. */
  readonly prefixFiltering: boolean;
  /** E.g. `rocksdb.FixedPrefix.8`; `nullptr` when there is none. */
  readonly prefixExtractor: string;
  readonly comparator: string;
  readonly mergeOperator: string;
  readonly columnFamily: number;
  readonly columnFamilyName: string;
  /** E.g. `Snappy`, `ZSTD`; from format version 7 on names and numbers, e.g. `BuiltinV2;04;`. */
  readonly compression: string;
  /** Seconds since 1970. */
  readonly creationTimeSeconds: number;
  readonly fileCreationTimeSeconds: number;
  readonly oldestKeyTimeSeconds: number;
  /** Of a table made outside of a store and ingested: 1 or 2; else 0. */
  readonly externalVersion: number;
  /** Of an ingested table of version 2, where it was written into it: of all its entries. */
  readonly globalSequence: number;
  /** Whether keys bear the timestamps of a comparator that has some. */
  readonly timestampsPersisted: boolean;
  /** For rows of plain tables: the length of every key, 0 when it varies. */
  readonly fixedKeyLength: number;
  /** Every property as it is stored, by name. */
  readonly all: ReadonlyMap<string, Uint8Array>;
}

const GLOBAL_SEQUENCE = 'rocksdb.external_sst_file.global_seqno';

/** What a fixed key length says when keys are not of one. */
const VARIABLE_LENGTH = 0xffff_ffff;

/** @throws LsmError `CORRUPTION` when a property is not of its form. */
export function readTableProperties(block: Block): TableProperties {
  const all = new Map<string, Uint8Array>();
  const cursor = new BlockCursor(block);
  for (cursor.first(); cursor.valid; cursor.next()) {
    const name = decodeUtf8(copyOfRange(cursor.key, 0, cursor.keyLength));
    all.set(name, cursor.copyValue());
  }
  return typedProperties(new StoredProperties(all, block), all);
}

/**
 * Older versions of RocksDB write the sequence number of an ingested table into its properties
 * without renewing the checksum: puts back the zero that it was made over.
 * @returns whether there is one
 * @throws LsmError `CORRUPTION`
 */
export function clearGlobalSequence(bytes: Uint8Array, file: string, offset: number): boolean {
  const cursor = new BlockCursor(new Block(bytes, file, offset));
  for (cursor.first(); cursor.valid; cursor.next()) {
    const name = decodeUtf8(copyOfRange(cursor.key, 0, cursor.keyLength));
    if (name !== GLOBAL_SEQUENCE) continue;
    bytes.fill(0, cursor.valueStart, cursor.valueEnd);
    return true;
  }
  return false;
}

function typedProperties(
  stored: StoredProperties,
  all: ReadonlyMap<string, Uint8Array>,
): TableProperties {
  const fixedKeyLength = stored.count('rocksdb.fixed.key.length');
  return {
    entries: stored.count('rocksdb.num.entries'),
    deletions: stored.count('rocksdb.deleted.keys'),
    mergeOperands: stored.count('rocksdb.merge.operands'),
    rangeDeletions: stored.count('rocksdb.num.range-deletions'),
    rawKeyBytes: stored.count('rocksdb.raw.key.size'),
    rawValueBytes: stored.count('rocksdb.raw.value.size'),
    dataSizeBytes: stored.count('rocksdb.data.size'),
    dataBlocks: stored.count('rocksdb.num.data.blocks'),
    indexSizeBytes: stored.count('rocksdb.index.size'),
    indexPartitions: stored.count('rocksdb.index.partitions'),
    indexType: stored.indexType('rocksdb.block.based.table.index.type'),
    indexKeysAreUserKeys: stored.count('rocksdb.index.key.is.user.key') !== 0,
    indexValuesAreDeltas: stored.count('rocksdb.index.value.is.delta.encoded') !== 0,
    filterSizeBytes: stored.count('rocksdb.filter.size'),
    filterEntries: stored.count('rocksdb.num.filter_entries'),
    filterPolicy: stored.text('rocksdb.filter.policy'),
    wholeKeyFiltering: stored.flag('rocksdb.block.based.table.whole.key.filtering', true),
    prefixFiltering: stored.flag('rocksdb.block.based.table.prefix.filtering', false),
    prefixExtractor: stored.text('rocksdb.prefix.extractor.name'),
    comparator: stored.text('rocksdb.comparator'),
    mergeOperator: stored.text('rocksdb.merge.operator'),
    columnFamily: stored.count('rocksdb.column.family.id'),
    columnFamilyName: stored.text('rocksdb.column.family.name'),
    compression: stored.text('rocksdb.compression'),
    creationTimeSeconds: stored.count('rocksdb.creation.time'),
    fileCreationTimeSeconds: stored.count('rocksdb.file.creation.time'),
    oldestKeyTimeSeconds: stored.count('rocksdb.oldest.key.time'),
    externalVersion: stored.fixed('rocksdb.external_sst_file.version', 4),
    globalSequence: stored.fixed(GLOBAL_SEQUENCE, 8),
    timestampsPersisted: stored.count('rocksdb.user.defined.timestamps.persisted', 1) !== 0,
    fixedKeyLength: fixedKeyLength === VARIABLE_LENGTH ? 0 : fixedKeyLength,
    all,
  };
}

/** Reads properties by name and form. */
class StoredProperties {
  private readonly all: ReadonlyMap<string, Uint8Array>;
  private readonly block: Block;

  constructor(all: ReadonlyMap<string, Uint8Array>, block: Block) {
    this.all = all;
    this.block = block;
  }

  /** A varint. What nobody knew may be stored as 2^64 - 1, which is taken for 0. */
  count(name: string, otherwise = 0): number {
    const bytes = this.all.get(name);
    if (bytes === undefined) return otherwise;
    if (bytes.length > VARINT_SIZE_MAX) return 0;
    return new ByteReader(bytes, this.block.file, this.block.offset).readVarint(name);
  }

  /** A little-endian integer of so many bytes. */
  fixed(name: string, sizeBytes: 4 | 8): number {
    const bytes = this.all.get(name);
    if (bytes === undefined) return 0;
    const reader = new ByteReader(bytes, this.block.file, this.block.offset);
    return sizeBytes === 4 ? reader.readUint32(name) : reader.readUint64(name);
  }

  text(name: string): string {
    const bytes = this.all.get(name);
    return bytes === undefined ? '' : decodeUtf8(bytes);
  }

  /** The text `1` or `0`. */
  flag(name: string, otherwise: boolean): boolean {
    return this.all.has(name) ? this.text(name) === '1' : otherwise;
  }

  indexType(name: string): IndexType {
    const number = this.fixed(name, 4);
    const type = INDEX_TYPES[number];
    const { file, offset } = this.block;
    if (type !== undefined) return type;
    const message = `${file} at byte ${offset}: index type ${number} is not known here`;
    throw new LsmError('NOT_SUPPORTED', message, { file, offset });
  }
}
