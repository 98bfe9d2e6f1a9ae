// What a table writer tells while it works. Nothing here is called unless somebody listens, except
// for the flags' own tests; nothing here touches the file.

import type { EventSink } from '../../protocol/eventSink.ts';
import type { FileNumber, FilterInsertion, JobId } from '../../protocol/events.ts';
import { entryKindName } from '../entryKind.ts';
import type { EntryKindCode } from '../entryKind.ts';
import type { Entry } from '../iterator/entry.ts';
import { FILTER_LINE_BYTES } from './filter.ts';
import { countSetBits } from './filterBuilder.ts';
import type { BuiltFilter, FilterBuilder } from './filterBuilder.ts';
import type { WrittenBlock } from './tableOutput.ts';

/** Keys whose bits `table.filter` lists. */
const INSERTIONS_MAX = 64;
/** Bytes of the filter that `table.filter` shows. */
const FILTER_PREVIEW_BYTES = 4096;

/** The parts of a table, as events name them. */
export type BlockKind = 'data' | 'filter' | 'index' | 'range-tombstones' | 'properties' | 'footer';

/** A block as it was written, for `table.block`. */
export interface BlockFigures {
  readonly blockKind: BlockKind;
  readonly block: number;
  readonly rawSizeBytes: number;
  readonly entries: number;
  readonly restarts: number;
  readonly fileSizeBytes: number;
  readonly fileEntries: number;
}

/** Turns a writer's steps into events of one job and one file. */
export class TableWriterEvents {
  private readonly sink: EventSink;
  private readonly job: JobId;
  private readonly file: FileNumber;
  /** The table's first distinct keys, kept while `structural` is on. */
  private readonly firstKeys: Uint8Array[] = [];

  constructor(sink: EventSink, job: JobId, file: FileNumber) {
    this.sink = sink;
    this.job = job;
    this.file = file;
  }

  /** Keeps a distinct key for `table.filter`, in order from the first one on. */
  noteKey(entry: Entry, keysBefore: number): void {
    const wanted = this.sink.structural && keysBefore < INSERTIONS_MAX;
    if (wanted && this.firstKeys.length === keysBefore) this.firstKeys.push(entry.copyKey());
  }

  entry(
    entry: Entry,
    block: number,
    sharedBytes: number,
    restart: boolean,
    hash: Uint32Array,
  ): void {
    this.sink.emit({
      kind: 'table.entry',
      job: this.job,
      file: this.file,
      block,
      entryKind: entryKindName(entry.kind as EntryKindCode),
      key: entry.copyKey(),
      sequence: entry.sequence,
      valueSizeBytes: entry.valueLength,
      sharedBytes,
      restart,
      filterHash: [hash[0]!, hash[1]!],
    });
  }

  block(written: WrittenBlock, figures: BlockFigures): void {
    if (!this.sink.structural) return;
    this.sink.emit({
      kind: 'table.block',
      job: this.job,
      file: this.file,
      offset: written.offset,
      sizeBytes: written.sizeBytes,
      compression: written.compression,
      checksum: written.checksum,
      ...figures,
    });
  }

  filter(filter: BuiltFilter, builder: FilterBuilder): void {
    if (!this.sink.structural) return;
    const insertions: FilterInsertion[] = this.firstKeys.map((key, index) => ({
      key,
      bits: builder.bitsOfKey(index, filter),
    }));
    const lineBytes = filter.lineCount * FILTER_LINE_BYTES;
    this.sink.emit({
      kind: 'table.filter',
      job: this.job,
      file: this.file,
      keys: filter.keys,
      bitCount: 8 * lineBytes,
      probes: filter.probes,
      bitsSet: countSetBits(filter.bytes, lineBytes),
      predictedFalsePositiveRate: filter.predictedRate,
      bits: filter.bytes.slice(0, Math.min(lineBytes, FILTER_PREVIEW_BYTES)),
      insertions,
    });
  }
}
