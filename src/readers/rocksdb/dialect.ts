// What RocksDB's directories and those of its descendant Pebble do differently.

import type { ForeignDirectory } from '../foreignDirectory.ts';
import type { KeyOrder } from '../keyOrder.ts';
import type { ProblemList } from '../problems.ts';
import type { LogForm } from '../recordLog/logForm.ts';
import type { ReleasableFile } from '../releasableFile.ts';
import type { Uncompress } from '../sst/blockFile.ts';
import { openSst } from '../sst/openSst.ts';
import type { SstReader } from '../sst/sstReader.ts';
import type { LiveRangeKey } from '../storeReader.ts';
import type { TableFiles } from '../tableFiles.ts';
import type { ViewRange } from '../viewRange.ts';
import { currentManifest, manifestNow } from '../currentManifest.ts';
import { tableName } from './fileNames.ts';
import type { RocksdbTable } from './newFile.ts';
import type { FileNumber, LevelTarget } from '../../protocol/events.ts';
import { rocksdbTargets } from './levelTargets.ts';
import type { LevelFigures } from './levelTargets.ts';
import type { FamilyVersion } from './manifest.ts';
import type { LoggedRangeKeys } from './memtables.ts';
import { readStoreOptions } from './optionsFile.ts';
import type { OptionSection, StoreOptions } from './optionsFile.ts';
import { decodeRocksdbEdit } from './versionEdit.ts';
import type { RocksdbEdit } from './versionEdit.ts';
import { walForm } from './walForm.ts';
import { decodeWriteBatch } from './writeBatch.ts';
import type { LoggedBatch } from './writeBatch.ts';

/** How logs are written. */
export interface LogDialect {
  readonly formOf: (logNumber: number) => LogForm;
  /** There are records about the log itself. */
  readonly hasSettings: boolean;
  /** @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` */
  readonly decodeBatch: (bytes: Uint8Array, file: string, offset: number) => LoggedBatch;
}

/** A table's file that is being opened. */
export interface TableFile {
  readonly handle: ReleasableFile;
  readonly name: string;
  /** As the manifest has it; `undefined` for one that it does not name. */
  readonly table: RocksdbTable | undefined;
  readonly uncompress: Uncompress;
}

/** Where values for ranges of keys may be. */
export interface RangeKeyWorld {
  readonly files: TableFiles<SstReader>;
  readonly logged: readonly LoggedRangeKeys[];
  readonly problems: ProblemList;
}

/** By the tables' numbers; `undefined` when it cannot be told under that comparator. */
export type SublevelsOf = (
  tables: Iterable<RocksdbTable>,
  comparator: string,
) => ReadonlyMap<FileNumber, number> | undefined;

/** One engine's way. */
export interface Dialect {
  readonly engine: 'rocksdb' | 'pebble';
  /** Comparators beside RocksDB's own. */
  readonly orders: readonly KeyOrder[];
  readonly logs: LogDialect;
  /** @throws LsmError `NOT_A_STORE` when there is no manifest. */
  readonly manifestOf: (directory: ForeignDirectory, problems: ProblemList) => string;
  /** The manifest that counts by now; empty when it cannot be told at the moment. */
  readonly manifestNow: (directory: ForeignDirectory) => string;
  readonly optionsOf: (directory: ForeignDirectory) => StoreOptions;
  /** @throws LsmError `CORRUPTION` */
  readonly decodeEdit: (bytes: Uint8Array, file: string, offset: number) => RocksdbEdit;
  /** Of tables of level 0; left out: each is a run of its own. */
  readonly sublevelsOf?: SublevelsOf;
  /** Values for ranges of keys; left out: the engine has none. */
  readonly rangeKeysOf?: (
    family: FamilyVersion,
    world: RangeKeyWorld,
    range: ViewRange,
  ) => readonly LiveRangeKey[];
  /** As `StoreReader.rangeKeyMask`. */
  readonly maskOf?: (
    comparator: string,
    rangeKeys: readonly LiveRangeKey[],
    asOf: Uint8Array,
  ) => (key: Uint8Array) => boolean;
  /** How full each level is held to be. */
  readonly targetsOf: (levels: readonly LevelFigures[], options: OptionSection) => LevelTarget[];
  /** The usual name of a table's file. */
  readonly tableName: (file: number) => string;
  /** @throws LsmError `CORRUPTION`, `NOT_SUPPORTED`, `IO` */
  readonly openTable: (file: TableFile) => SstReader;
  /** Idempotent. */
  readonly close: () => void;
}

/** RocksDB's own. */
export const ROCKSDB_DIALECT: Dialect = {
  engine: 'rocksdb',
  orders: [],
  logs: { formOf: walForm, hasSettings: true, decodeBatch: decodeWriteBatch },
  manifestOf: currentManifest,
  manifestNow,
  optionsOf: readStoreOptions,
  decodeEdit: decodeRocksdbEdit,
  targetsOf: rocksdbTargets,
  tableName,
  openTable: ({ handle, name, table, uncompress }) =>
    openSst(handle, name, uncompress, table?.largestSequence),
  close: () => undefined,
};
