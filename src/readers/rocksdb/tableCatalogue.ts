// What is known of each table: from the manifest at once, with the figures that LOG repeats where
// it still does; from the table's own properties when somebody asks for more.

import type { CompressionName } from '../../base/compression/blockCodec.ts';
import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import { TRAILER_BYTES } from '../internalKey.ts';
import type { SstReader } from '../sst/sstReader.ts';
import type { TableProperties } from '../sst/tableProperties.ts';
import type { TableFiles } from '../tableFiles.ts';
import { uncountedTable } from '../tableInfo.ts';
import type { InfoLog, LoggedFigures } from './infoLog.ts';
import type { InfoLogFiles } from '../infoLogFiles.ts';
import type { RocksdbTable } from './newFile.ts';

/** The tables of one store by their numbers. */
export class TableCatalogue {
  private readonly files: TableFiles<SstReader>;
  private readonly infoLog: InfoLogFiles<InfoLog>;
  private readonly manifestName: string;
  private readonly known = new Map<FileNumber, TableInfo>();

  constructor(files: TableFiles<SstReader>, infoLog: InfoLogFiles<InfoLog>, manifestName: string) {
    this.files = files;
    this.infoLog = infoLog;
    this.manifestName = manifestName;
  }

  /** As far as it is known without opening the table. */
  info(level: number, table: RocksdbTable): TableInfo {
    const known = this.known.get(table.number);
    const run = runOf(level, table);
    if (known?.run === run) return known;
    const info = known === undefined ? this.firstInfo(run, table) : { ...known, run };
    this.known.set(table.number, info);
    return info;
  }

  /** With every figure; a table that cannot be opened is listed and stays as it was. */
  counted(level: number, table: RocksdbTable): TableInfo {
    const known = this.info(level, table);
    if (known.uncounted !== true) return known;
    const reader = this.files.tryReader(table.number);
    if (reader === undefined) return known;
    const { uncounted: _uncounted, ...rest } = known;
    const info = { ...rest, ...figuresOfReader(reader, known) };
    this.known.set(table.number, info);
    return info;
  }

  private firstInfo(run: number, table: RocksdbTable): TableInfo {
    const logged = this.infoLog.log.tables.get(table.number);
    // A number may have been given twice, when a store was restored from a copy.
    const fitting = logged?.sizeBytes === table.sizeBytes ? logged : undefined;
    const madeBy = fitting === undefined ? 'unknown' : makerOf(fitting.job);
    const named = {
      name: this.files.nameOf(table.number),
      table,
      run,
      createdMicros: fitting?.timeMicros ?? table.createdSeconds * 1_000_000,
      madeBy,
      manifest: this.manifestName,
    } as const;
    const { smallestSequence, largestSequence } = table;
    const info = { ...uncountedTable(named), smallestSequence, largestSequence };
    if (fitting?.figures === undefined) return info;
    const { uncounted: _uncounted, ...rest } = info;
    return { ...rest, ...figuresOf(fitting.figures) };
  }
}

/**
 * Each table of level 0 is a run, or each of its sublevels, the newer the greater; deeper levels
 * are one run each.
 */
function runOf(level: number, { largestSequence, number, sublevel }: RocksdbTable): number {
  if (level > 0) return 0;
  if (sublevel !== undefined) return sublevel;
  return Math.min(largestSequence === 0 ? number : largestSequence, Number.MAX_SAFE_INTEGER);
}

function makerOf({
  flushReason,
  compactionReason,
}: {
  readonly flushReason?: string;
  readonly compactionReason?: string;
}): TableInfo['madeBy'] {
  if (flushReason !== undefined) return 'flush';
  return compactionReason === undefined ? 'unknown' : 'compaction';
}

type Figures = Pick<
  TableInfo,
  | 'entries'
  | 'tombstones'
  | 'rangeDeletes'
  | 'rawKeyBytes'
  | 'rawValueBytes'
  | 'dataBlocks'
  | 'filterSizeBytes'
  | 'indexSizeBytes'
  | 'compression'
>;

/** RocksDB counts deletions of ranges among entries and tombstones, and trailers among keys. */
function figuresOf(figures: LoggedFigures): Figures {
  const { rangeDeletions, rawValueBytes, dataBlocks, indexSizeBytes, filterSizeBytes } = figures;
  const entries = Math.max(0, figures.entries - rangeDeletions);
  return {
    entries,
    tombstones: Math.max(0, figures.deletions - rangeDeletions),
    rangeDeletes: rangeDeletions,
    rawKeyBytes: Math.max(0, figures.rawKeyBytes - entries * TRAILER_BYTES),
    rawValueBytes,
    dataBlocks,
    filterSizeBytes,
    indexSizeBytes,
    compression: compressionOf(figures.compression),
  };
}

/** Tables of before 2014 have no properties: then the index alone is known. */
function figuresOfReader(reader: SstReader, known: TableInfo): Figures & Partial<TableInfo> {
  const { properties } = reader;
  if (properties === undefined) return { ...known, dataBlocks: reader.index.length };
  const createdMicros = known.createdMicros || createdMicrosOf(properties);
  const madeBy = properties.externalVersion > 0 ? 'ingest' : known.madeBy;
  return { ...shareOf(figuresOf(properties), reader, known), createdMicros, madeBy };
}

/**
 * Pebble's tables may be parts of a file: what the file tells of itself is divided by their sizes,
 * which the manifest estimates. The filter is the whole file's for each.
 */
function shareOf(
  figures: Figures,
  reader: SstReader,
  { name, file, sizeBytes }: TableInfo,
): Figures {
  if (Number.parseInt(name, 10) === file) return figures;
  const share = (count: number): number =>
    Math.min(count, Math.round((count * sizeBytes) / Math.max(1, reader.sizeBytes)));
  return {
    ...figures,
    entries: Math.max(Math.min(1, figures.entries), share(figures.entries)),
    tombstones: share(figures.tombstones),
    rangeDeletes: share(figures.rangeDeletes),
    rawKeyBytes: share(figures.rawKeyBytes),
    rawValueBytes: share(figures.rawValueBytes),
    dataBlocks: share(figures.dataBlocks),
  };
}

function createdMicrosOf(properties: TableProperties): number {
  const { fileCreationTimeSeconds, creationTimeSeconds } = properties;
  return (fileCreationTimeSeconds || creationTimeSeconds) * 1_000_000;
}

/** RocksDB's names; from format version 7 on e.g. `BuiltinV2;04;`, hexadecimal numbers. */
function compressionOf(name: string): CompressionName {
  const number = /^BuiltinV2;([0-9A-Fa-f]{2})/.exec(name)?.[1];
  return COMPRESSIONS[number === undefined ? name : String(Number.parseInt(number, 16))] ?? 'none';
}

const COMPRESSIONS: Readonly<Record<string, CompressionName>> = {
  Snappy: 'snappy',
  Zlib: 'deflate',
  LZ4: 'lz4',
  LZ4HC: 'lz4',
  ZSTD: 'zstd',
  ZSTDNotFinal: 'zstd',
  '1': 'snappy',
  '2': 'deflate',
  '4': 'lz4',
  '5': 'lz4',
  '7': 'zstd',
};
