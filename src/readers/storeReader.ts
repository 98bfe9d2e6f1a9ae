// What every reader of a foreign directory gives: the one catalogue that the session and the
// command line see, whatever engine wrote the files.

import type { Clock } from '../base/clock.ts';
import type { Vfs } from '../base/vfs.ts';
import type { FileNumber, LsmEventBody, TableInfo } from '../protocol/events.ts';
import type { Progress, TableDetails } from '../protocol/messages.ts';
import type { Problem, TreeState } from '../protocol/treeState.ts';
import type { Telling } from './tracedGet.ts';
import type { ViewRange } from './viewRange.ts';

/** How blocks of other engines are uncompressed. */
export type CodecName = 'snappy' | 'zlib' | 'deflate-raw' | 'bzip2' | 'lz4' | 'zstd' | 'minlz';

/** What is known of compressed bytes beside them. */
export interface UncompressHints {
  /** What must come of them, where it is told beside them. */
  readonly rawSizeBytes?: number | undefined;
  /** What they were compressed with. */
  readonly dictionary?: Uint8Array | undefined;
}

/** @throws LsmError `CORRUPTION` when the bytes are not of that form, or would be too many. */
export type UncompressBytes = (
  codec: CodecName,
  bytes: Uint8Array,
  hints?: UncompressHints,
) => Uint8Array;

/** The outside world of a reader. Of the disk it only ever reads. */
export interface ReaderWorld {
  readonly vfs: Vfs;
  readonly clock: Clock;
  readonly uncompress: UncompressBytes;
  /** Hears, while a directory is being opened, how far that is. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A table and its level. */
export interface PlacedFile {
  readonly level: number;
  readonly table: TableInfo;
}

/** Something that happened in the store's past. */
export interface PastEvent {
  readonly body: LsmEventBody;
  /** Wall clock, microseconds since 1970; 0 when nobody wrote it down. */
  readonly timeMicros: number;
}

/** How far a check of every byte has come. */
export interface CheckProgress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/** What a directory's files tell of a tree; the rest is known to whoever has it open. */
export type StoredState = Pick<
  TreeState,
  'store' | 'lastSequence' | 'wal' | 'families' | 'manifest' | 'problems'
>;

/** A value for a whole range of keys, under a suffix: Pebble's. */
export interface LiveRangeKey {
  readonly from: Uint8Array;
  /** Not in the range. */
  readonly to: Uint8Array;
  readonly suffix: Uint8Array;
  readonly value: Uint8Array;
  readonly sequence: number;
}

/** The entries of one column family. */
export interface FamilyReader {
  /** False under a comparator that is not known: which entries are alive cannot be told then. */
  readonly hasOrder: boolean;
  /**
   * The newest live value of `key`. With `telling` each step is told, as our own engine's gets do.
   * @throws LsmError `CORRUPTION` when a block on the way cannot be read: whether there is a newer
   * version cannot be known then.
   */
  get(key: Uint8Array, telling?: Telling): Uint8Array | undefined;
  /**
   * Live entries in the store's own order, or, where its comparator is not known, all versions
   * table by table. Key and value are valid until the next step.
   */
  entries(range: ViewRange): Iterable<readonly [Uint8Array, Uint8Array]>;
}

/**
 * An open foreign directory, by itself its default column family. Nothing in it is ever written,
 * locked or touched.
 */
export interface StoreReader extends FamilyReader {
  /** The tree as the directory's files tell of it. */
  describe(): StoredState;
  /** Tables with every figure counted, level by level. */
  countedTables(): Iterable<PlacedFile>;
  /** `undefined` when there is no column family of this name. */
  family(name: string): FamilyReader | undefined;
  /**
   * How the tree came to be, oldest first; asked again, what was added since.
   * @param editsMax more edits than these are told as one, which holds what they came to.
   */
  history(editsMax?: number): Iterable<PastEvent>;
  /** What another process has changed since the last call; the description follows. */
  follow(): Iterable<PastEvent>;
  /** @throws LsmError `INVALID_ARGUMENT` when there is no such table. */
  tableDetails(file: FileNumber): TableDetails;
  /** Reads every byte that is alive; gives way after each file. Problems are in `problems()`. */
  check(): Generator<CheckProgress>;
  /**
   * Values for ranges of keys that are alive, in order; what cannot be read is listed.
   * @param range left out: all; else those that reach into it, whole.
   */
  rangeKeys(range?: ViewRange): readonly LiveRangeKey[];
  /**
   * Tells of a key whether those values hide it from a read as of a version.
   * @throws LsmError `NOT_SUPPORTED` where there can be none, or the order is not known;
   * `INVALID_ARGUMENT` when `asOf` is no version.
   */
  rangeKeyMask(asOf: Uint8Array): (key: Uint8Array) => boolean;
  /** What was found wrong so far. */
  problems(): readonly Problem[];
  /** Idempotent. */
  close(): void;
}
