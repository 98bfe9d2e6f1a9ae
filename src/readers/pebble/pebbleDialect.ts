// How Pebble's directories differ from RocksDB's: which manifest counts, what it says of tables and
// blob files, how logs and tables are written. Made for one directory: it keeps what the manifest
// said of tables beyond RocksDB's fields.

import { LsmError } from '../../base/errors.ts';
import type { ForeignDirectory } from '../foreignDirectory.ts';
import { keyOrderNamed } from '../keyOrder.ts';
import type { KeyOrder } from '../keyOrder.ts';
import type { ProblemList } from '../problems.ts';
import { ReleasableFile } from '../releasableFile.ts';
import type {
  Dialect,
  LogDialect,
  RangeKeyWorld,
  SublevelsOf,
  TableFile,
} from '../rocksdb/dialect.ts';
import { numberedNames, tableName } from '../rocksdb/fileNames.ts';
import type { RocksdbTable } from '../rocksdb/newFile.ts';
import type { StoreOptions } from '../rocksdb/optionsFile.ts';
import type { RocksdbEdit } from '../rocksdb/versionEdit.ts';
import type { Uncompress } from '../sst/blockFile.ts';
import { openSst } from '../sst/openSst.ts';
import type { SstReader } from '../sst/sstReader.ts';
import { PebbleBlobFile } from './blobFile.ts';
import { comparerNamed, PEBBLE_COMPARERS } from './comparers.ts';
import { shownKeys } from './shownKeys.ts';
import { liveRangeKeys, reachingInto } from './liveRangeKeys.ts';
import { rangeKeyMask } from './rangeKeyMask.ts';
import { decodeRangeKeys } from './rangeKeys.ts';
import type { RangeKeyEntry } from './rangeKeys.ts';
import type { LiveRangeKey } from '../storeReader.ts';
import type { ViewRange } from '../viewRange.ts';
import type { FamilyVersion } from '../rocksdb/manifest.ts';
import { isPebbleTable } from './footer.ts';
import { pebbleTargets } from './levelTargets.ts';
import { manifestOf, markedManifest } from './markers.ts';
import { readPebbleOptions } from './options.ts';
import { PebbleTable } from './pebbleTable.ts';
import { sublevelsOf } from './sublevels.ts';
import { boundsOf, isWithin } from './tableBounds.ts';
import type { TableView } from './tableView.ts';
import type { BlobPlace } from './valueBlocks.ts';
import { decodePebbleEdit } from './versionEdit.ts';
import type { PebbleTableFields } from './versionEdit.ts';
import { pebbleWalForm } from './walForm.ts';
import { decodePebbleBatch } from './writeBatch.ts';

/** Pebble compresses like RocksDB's format version 2 and later. */
const COMPRESSION_FORM = 2;
const NO_BYTES = new Uint8Array(0);
const OWN_FILE: Omit<PebbleTableFields, 'backing'> = {
  prefix: NO_BYTES,
  suffix: NO_BYTES,
  blobReferences: [],
  hasRangeKeys: false,
};

/** Pebble's way, for one directory. */
export class PebbleDialect implements Dialect {
  readonly engine = 'pebble';
  readonly orders: readonly KeyOrder[] = PEBBLE_COMPARERS;
  readonly logs: LogDialect = {
    formOf: pebbleWalForm,
    hasSettings: false,
    decodeBatch: decodePebbleBatch,
  };
  readonly sublevelsOf: SublevelsOf = (tables, comparator) => {
    const { compare } = keyOrderNamed(comparator, this.orders);
    return compare === undefined ? undefined : sublevelsOf(tables, compare);
  };
  readonly targetsOf: typeof pebbleTargets = pebbleTargets;
  readonly manifestNow: (directory: ForeignDirectory) => string = markedManifest;
  private readonly fields = new Map<number, PebbleTableFields>();
  /** Blob files by their identity: they may be written anew. */
  private readonly blobNumbers = new Map<number, number>();
  private readonly blobFiles = new Map<number, PebbleBlobFile>();
  private readonly handles: ReleasableFile[] = [];
  private directory: ForeignDirectory | undefined;
  private problems: ProblemList | undefined;
  private comparator = 'leveldb.BytewiseComparator';

  manifestOf(directory: ForeignDirectory, problems: ProblemList): string {
    this.directory = directory;
    this.problems = problems;
    return manifestOf(directory, (newest) => {
      const message = `no marker names a manifest that is there; ${newest} is shown`;
      problems.add('CORRUPTION', newest, -1, message);
    });
  }

  optionsOf(directory: ForeignDirectory): StoreOptions {
    return readPebbleOptions(directory);
  }

  decodeEdit(bytes: Uint8Array, file: string, offset: number): RocksdbEdit {
    const { edit, fields, blobFiles } = decodePebbleEdit(bytes, file, offset);
    for (const [table, known] of fields) this.fields.set(table, known);
    for (const [identity, number] of blobFiles) this.blobNumbers.set(identity, number);
    this.comparator = edit.comparator ?? this.comparator;
    this.reportRangeKeys(edit, file);
    return edit;
  }

  rangeKeysOf(
    { comparator, levels }: FamilyVersion,
    { files, logged, problems }: RangeKeyWorld,
    range: ViewRange,
  ): readonly LiveRangeKey[] {
    const comparer = comparerNamed(comparator);
    if (comparer === undefined) return [];
    const entries: RangeKeyEntry[] = [];
    const take = (file: string, read: () => readonly RangeKeyEntry[]): void => {
      try {
        entries.push(...read());
      } catch (thrown) {
        problems.addThrown(thrown, file);
      }
    };
    for (const { number } of levels.flatMap((tables) => [...tables.values()])) {
      if (this.fields.get(number)?.hasRangeKeys !== true) continue;
      const reader = files.tryReader(number);
      if (reader instanceof PebbleTable) take(reader.name, () => reader.rangeKeys());
    }
    for (const each of logged) take('', () => decodeRangeKeys(each, { file: '', offset: -1 }));
    return reachingInto(liveRangeKeys(entries, comparer), range, comparer);
  }

  maskOf(
    comparator: string,
    rangeKeys: readonly LiveRangeKey[],
    asOf: Uint8Array,
  ): (key: Uint8Array) => boolean {
    const comparer = comparerNamed(comparator);
    if (comparer !== undefined) return rangeKeyMask(rangeKeys, asOf, comparer);
    const message = `what versions of keys are, only ${comparator} knows, which is not known here`;
    throw new LsmError('NOT_SUPPORTED', message);
  }

  tableName(file: number): string {
    return tableName(this.fieldsOf(file).backing);
  }

  openTable({ handle, name, table, uncompress }: TableFile): SstReader {
    if (!isPebbleTable(handle)) return openSst(handle, name, uncompress, table?.largestSequence);
    const unpack: Uncompress = (block) => uncompress({ ...block, formatVersion: COMPRESSION_FORM });
    const fields = this.fieldsOf(table?.number ?? 0);
    if (fields.suffix.length > 0 && comparerNamed(this.comparator) === undefined) {
      const message = `${name}: its keys get another version, as ${this.comparator} knows`;
      throw new LsmError('NOT_SUPPORTED', message, { file: name, offset: -1 });
    }
    const opened = PebbleTable.open(handle, name, unpack, this.viewOf(table, fields, unpack));
    this.reportUnordered(opened, table, fields);
    return opened;
  }

  close(): void {
    for (const handle of this.handles.splice(0)) handle.release();
    this.blobFiles.clear();
  }

  private fieldsOf(file: number): PebbleTableFields {
    return this.fields.get(file) ?? { ...OWN_FILE, backing: file };
  }

  private viewOf(
    table: RocksdbTable | undefined,
    { backing, prefix, suffix, blobReferences }: PebbleTableFields,
    uncompress: Uncompress,
  ): TableView {
    const isShared = table !== undefined && backing !== table.number;
    const hasOneSequence = table?.smallestSequence === table?.largestSequence;
    return {
      hasOrder: comparerNamed(this.comparator) !== undefined,
      sequence: hasOneSequence ? table?.smallestSequence : undefined,
      prefix,
      shown: shownKeys(prefix, suffix, comparerNamed(this.comparator)),
      holds: isShared ? this.holdsOf(table) : () => true,
      cut: isShared ? this.cutOf(table) : (from, to) => [from, to],
      suffixOf: (stored) => (stored.length === 0 || suffix.length === 0 ? stored : suffix),
      blobValue: (place) => this.blobValue(blobReferences, place, uncompress),
    };
  }

  /** Whether a key lies within the bounds that the manifest gives a table. */
  private holdsOf(table: RocksdbTable): (key: Uint8Array) => boolean {
    const { compare } = keyOrderNamed(this.comparator, this.orders);
    if (compare === undefined) return () => true;
    const bounds = boundsOf(table);
    return (key) => isWithin(key, bounds, compare);
  }

  private cutOf(table: RocksdbTable): TableView['cut'] {
    const { compare } = keyOrderNamed(this.comparator, this.orders);
    if (compare === undefined) return (from, to) => [from, to];
    const bounds = boundsOf(table);
    return (from, to) => [
      compare(from, from.length, bounds.from, bounds.from.length) < 0 ? bounds.from : from,
      compare(to, to.length, bounds.to, bounds.to.length) > 0 ? bounds.to : to,
    ];
  }

  private blobValue(
    references: readonly number[],
    { reference, block, value }: BlobPlace,
    uncompress: Uncompress,
  ): Uint8Array {
    const identity = references[reference];
    if (identity === undefined) {
      const message = `a value lies in blob file ${reference} of ${references.length}`;
      throw new LsmError('CORRUPTION', message);
    }
    return this.blobFile(this.blobNumbers.get(identity) ?? identity, uncompress).value(
      block,
      value,
    );
  }

  private blobFile(number: number, uncompress: Uncompress): PebbleBlobFile {
    const known = this.blobFiles.get(number);
    if (known !== undefined) return known;
    const directory = this.directory!;
    const usual = `${String(number).padStart(6, '0')}.blob`;
    const found = numberedNames(directory.names(), 'blob').find((each) => each.number === number);
    const name = found?.name ?? usual;
    if (found === undefined) {
      const message = `${usual} is missing: tables have values in it`;
      throw new LsmError('CORRUPTION', message, { file: usual, offset: -1 });
    }
    const handle = new ReleasableFile(directory, name);
    this.handles.push(handle);
    const file = new PebbleBlobFile(handle, name, uncompress);
    this.blobFiles.set(number, file);
    return file;
  }

  /** What cannot be shown as it is, because the order of the store's keys is not known. */
  private reportUnordered(
    { name, unknownSchemaFault }: PebbleTable,
    table: RocksdbTable | undefined,
    { backing }: PebbleTableFields,
  ): void {
    if (unknownSchemaFault !== undefined) this.problems?.addThrown(unknownSchemaFault, name);
    const isPart = table !== undefined && backing !== table.number;
    if (!isPart || comparerNamed(this.comparator) !== undefined) return;
    const message =
      `table ${table.number} is a part of ${name}, cut out as ${this.comparator} orders keys, ` +
      'which is not known here: it is shown whole';
    this.problems?.add('NOT_SUPPORTED', name, -1, message);
  }

  private reportRangeKeys({ added }: RocksdbEdit, file: string): void {
    const isThere = added.some(({ table }) => this.fields.get(table.number)?.hasRangeKeys === true);
    if (!isThere) return;
    if (keyOrderNamed(this.comparator, this.orders).compare !== undefined) return;
    const message = 'tables have values for whole ranges of keys, which are not shown';
    this.problems?.add('NOT_SUPPORTED', file, -1, message);
  }
}
