// An open table of one of Pebble's own formats (sstable/table.go). Up to version 4 its blocks are
// as RocksDB's, but that values of puts begin with a byte that says where they lie (from version 3
// on); from version 5 on data, index and ranges are columnar, from 6 on the metaindex too, from 7
// on the properties. Each data block is made into rows, with values fetched from where they are.

import { decodeUtf8 } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import type { ProblemList } from '../problems.ts';
import type { ReleasableFile } from '../releasableFile.ts';
import type { Block, BlockCursor } from '../sst/block.ts';
import { BlockFile } from '../sst/blockFile.ts';
import type { Uncompress } from '../sst/blockFile.ts';
import type { BlockHandle } from '../sst/blockHandle.ts';
import { probeFullFilter } from '../sst/filters/fullFilter.ts';
import { probeFuse } from '../sst/filters/fuseProbes.ts';
import { FULL_FILTER_NAME } from '../sst/filters/rocksdbFilter.ts';
import type { TableFilter } from '../sst/filters/tableFilter.ts';
import type { Footer } from '../sst/footer.ts';
import { PLAIN_FORM, readIndex } from '../sst/indexBlock.ts';
import type { IndexEntry } from '../sst/indexBlock.ts';
import type { RangeDeletion } from '../sst/rangeDeletions.ts';
import { walkBlocks } from '../sst/sstReader.ts';
import type { SstReader } from '../sst/sstReader.ts';
import { readTableProperties } from '../sst/tableProperties.ts';
import type { TableProperties } from '../sst/tableProperties.ts';
import { ColumnarBlock, findHeader } from './columnarBlock.ts';
import { comparerNamed } from './comparers.ts';
import { columnarRows, columnsBehindKeys, storedRows } from './dataRows.ts';
import type { RowRules } from './dataRows.ts';
import { readPebbleFooter } from './footer.ts';
import { keySchemaNamed, rawSchema } from './keySchemas.ts';
import type { KeySchema } from './keySchemas.ts';
import { columnarPairs, columnarIndex, pairsOf } from './metaBlocks.ts';
import { PrefixFilter } from './prefixFilter.ts';
import type { ProbeFilter } from './prefixFilter.ts';
import { readRangeKeys } from './rangeKeys.ts';
import type { RangeKeyEntry } from './rangeKeys.ts';
import { readRangeDeletions } from './rangeDeletions.ts';
import type { TableView } from './tableView.ts';
import { ValueBlocks } from './valueBlocks.ts';

const COLUMNAR_VERSION_MIN = 5;
const COLUMNAR_METAINDEX_VERSION_MIN = 6;
const COLUMNAR_PROPERTIES_VERSION_MIN = 7;
const VALUE_PREFIX_VERSION_MIN = 3;
const PROPERTIES_NAME = 'rocksdb.properties';
const VALUE_INDEX_NAME = 'pebble.value_index';
const SCHEMA_PROPERTY = 'pebble.colblk.schema';
const FILTERS: readonly (readonly [name: string, probe: ProbeFilter])[] = [
  [FULL_FILTER_NAME, probeFullFilter],
  ['fullfilter.binaryfuse', probeFuse],
];
/** Before a data block's header: what the schema puts there, then the longest key's length. */
const KEY_LENGTH_BYTES = 4;
/** How many data blocks are kept as rows. */
const BLOCKS_KEPT = 8;

/** Reads one table. */
export class PebbleTable implements SstReader {
  readonly name: string;
  readonly sizeBytes: number;
  readonly footer: Footer;
  readonly index: readonly IndexEntry[];
  readonly metaBlocks: ReadonlyMap<string, BlockHandle>;
  readonly properties: TableProperties | undefined;
  readonly globalSequence: number | undefined;
  private readonly file: ReleasableFile;
  private readonly blocks: BlockFile;
  private readonly view: TableView;
  private readonly schema: KeySchema | undefined;
  private readonly rules: RowRules;
  private readonly kept = new Map<number, Block>();
  private filterBlock: TableFilter | null | undefined;

  /**
   * Reads footer, metaindex, properties and index. The file is let go when that fails.
   * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` or `IO`.
   */
  static open(
    file: ReleasableFile,
    name: string,
    uncompress: Uncompress,
    view: TableView,
  ): PebbleTable {
    try {
      return new PebbleTable(file, name, uncompress, view);
    } catch (thrown) {
      file.release();
      throw thrown;
    }
  }

  private constructor(file: ReleasableFile, name: string, uncompress: Uncompress, view: TableView) {
    this.file = file;
    this.name = name;
    this.view = view;
    this.sizeBytes = file.sizeBytes();
    this.footer = readPebbleFooter(file, name);
    this.blocks = new BlockFile(file, name, this.footer, uncompress);
    const pairs = this.readPairs(this.footer.metaindex, COLUMNAR_METAINDEX_VERSION_MIN);
    const asIndex = readIndex(pairs, { ...PLAIN_FORM, keysAreUserKeys: true });
    this.metaBlocks = new Map(asIndex.map(({ key, handle }) => [decodeUtf8(key), handle]));
    this.properties = this.readProperties();
    this.globalSequence = view.sequence;
    this.schema = keySchemaNamed(this.schemaName);
    const valueIndex = pairsOf(pairs).get(VALUE_INDEX_NAME);
    this.rules = {
      view,
      values: new ValueBlocks(this.blocks, valueIndex, view.blobValue),
      hasValuePrefix: this.footer.formatVersion >= VALUE_PREFIX_VERSION_MIN,
    };
    this.index = this.readWholeIndex();
  }

  get filter(): TableFilter | undefined {
    if (this.filterBlock === undefined) this.filterBlock = this.readFilter() ?? null;
    return this.filterBlock ?? undefined;
  }

  keepsBlock(index: number): boolean {
    return this.kept.has(index);
  }

  dataBlock(index: number): Block {
    const known = this.kept.get(index);
    if (known !== undefined) return known;
    const { handle, fault } = this.index[index]!;
    if (fault !== undefined) throw fault;
    const block = this.isColumnar
      ? this.columnarBlock(handle)
      : storedRows(this.blocks.readBlock(handle), this.rules);
    if (this.kept.size >= BLOCKS_KEPT) this.kept.delete(this.kept.keys().next().value!);
    this.kept.set(index, block);
    return block;
  }

  rangeDeletions(): readonly RangeDeletion[] {
    const { blocks, metaBlocks, isColumnar, globalSequence, view } = this;
    const stored = readRangeDeletions(blocks, metaBlocks, isColumnar, globalSequence);
    return stored.map(({ from, to, sequence }) => {
      return { from: view.shown(from), to: view.shown(to), sequence };
    });
  }

  /** Values for ranges of keys, and what ends them. @throws LsmError as `dataBlock` */
  rangeKeys(): readonly RangeKeyEntry[] {
    const { blocks, metaBlocks, isColumnar, globalSequence, view } = this;
    const stored = readRangeKeys(blocks, metaBlocks, isColumnar, globalSequence);
    return stored.map((entry) => {
      const { from, to, suffix } = entry;
      const [low, high] = view.cut(view.shown(from), view.shown(to));
      return { ...entry, from: low, to: high, suffix: view.suffixOf(suffix) };
    });
  }

  forEach(problems: ProblemList, take: (cursor: BlockCursor) => void): void {
    walkBlocks(this, problems, take);
  }

  release(): void {
    this.kept.clear();
    this.file.release();
  }

  private get isColumnar(): boolean {
    return this.footer.formatVersion >= COLUMNAR_VERSION_MIN;
  }

  private columnar({ offset, sizeBytes }: BlockHandle, headerBytes: number): ColumnarBlock {
    const { bytes } = this.blocks.read({ offset, sizeBytes });
    return new ColumnarBlock(bytes, headerBytes, this.name, offset);
  }

  /** Names and contents; columnar from a version on. */
  private readPairs(handle: BlockHandle, columnarFrom: number): Block {
    if (this.footer.formatVersion < columnarFrom) return this.blocks.readBlock(handle);
    return columnarPairs(this.columnar(handle, 0));
  }

  private readProperties(): TableProperties | undefined {
    const handle = this.metaBlocks.get(PROPERTIES_NAME);
    if (handle === undefined) return undefined;
    return readTableProperties(this.readPairs(handle, COLUMNAR_PROPERTIES_VERSION_MIN));
  }

  private get schemaName(): string {
    const stored = this.properties?.all.get(SCHEMA_PROPERTY);
    return stored === undefined ? '' : decodeUtf8(stored);
  }

  private columnarBlock(handle: BlockHandle): Block {
    const { schema, rules } = this;
    if (schema !== undefined) {
      return columnarRows(
        this.columnar(handle, schema.headerBytes + KEY_LENGTH_BYTES),
        schema,
        rules,
      );
    }
    if (this.view.hasOrder) throw this.unknownSchema('and so its entries cannot be put in order');
    const { bytes } = this.blocks.read(handle);
    const start = findHeader(bytes, KEY_LENGTH_BYTES);
    if (start === undefined) throw this.unknownSchema('and no columns are found');
    const block = new ColumnarBlock(bytes, start, this.name, handle.offset);
    const behindKeys = columnsBehindKeys(this.footer.formatVersion);
    const raw = rawSchema(block, start - KEY_LENGTH_BYTES, behindKeys);
    return columnarRows(block, raw, rules);
  }

  /** Of a table whose keys are shown as the bytes of their columns. */
  get unknownSchemaFault(): LsmError | undefined {
    if (!this.isColumnar || this.schema !== undefined || this.view.hasOrder) return undefined;
    return this.unknownSchema('and shown as the bytes of their columns');
  }

  private unknownSchema(consequence: string): LsmError {
    const schema = `the schema ${this.schemaName}, which is not known here`;
    const message = `${this.name}: keys are cut into columns by ${schema}, ${consequence}`;
    return new LsmError('NOT_SUPPORTED', message, { file: this.name, offset: -1 });
  }

  private readWholeIndex(): readonly IndexEntry[] {
    const entries = this.readIndexBlock(this.footer.index!);
    if (this.properties?.indexType !== 'two-level') return entries;
    return entries.flatMap((part) => this.readPartition(part));
  }

  private readPartition(part: IndexEntry): readonly IndexEntry[] {
    try {
      return this.readIndexBlock(part.handle);
    } catch (thrown) {
      if (!(thrown instanceof LsmError)) throw thrown;
      return [{ ...part, fault: thrown }];
    }
  }

  private readIndexBlock(handle: BlockHandle): IndexEntry[] {
    const { shown } = this.view;
    if (this.isColumnar) return columnarIndex(this.columnar(handle, 0), shown);
    const entries = readIndex(this.blocks.readBlock(handle), PLAIN_FORM);
    return entries.map((entry) => ({ ...entry, key: shown(entry.key) }));
  }

  private readFilter(): TableFilter | undefined {
    const comparer = comparerNamed(this.properties?.comparator);
    if (comparer === undefined) return undefined;
    for (const [name, probe] of FILTERS) {
      const handle = this.metaBlocks.get(name);
      if (handle === undefined) continue;
      const { bytes } = this.blocks.read(handle);
      return new PrefixFilter(bytes, probe, comparer, this.view.prefix);
    }
    return undefined;
  }
}
