// What a table's entries add up to, counted while they stream into it.

import { isTombstone } from '../entryKind.ts';
import type { EntryKindCode } from '../entryKind.ts';
import type { Entry } from '../iterator/entry.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';
import type { TableProperties } from './tableProperties.ts';

/** The figures as the properties block holds them. */
export type SummaryFigures = Pick<
  TableProperties,
  | 'entries'
  | 'tombstones'
  | 'distinctKeys'
  | 'rangeDeletes'
  | 'smallestSequence'
  | 'largestSequence'
  | 'smallestTimestampMicros'
  | 'largestTimestampMicros'
  | 'rawKeyBytes'
  | 'rawValueBytes'
>;

/** Running figures over the entries of one table. */
export class TableSummary implements SummaryFigures {
  entries = 0;
  tombstones = 0;
  distinctKeys = 0;
  rangeDeletes = 0;
  smallestSequence: number = Number.MAX_SAFE_INTEGER;
  largestSequence = 0;
  smallestTimestampMicros: number = Number.MAX_SAFE_INTEGER;
  largestTimestampMicros = 0;
  rawKeyBytes = 0;
  rawValueBytes = 0;

  /** Counts the next entry; `newKey` when its key differs from that of the entry before. */
  add(entry: Entry, newKey: boolean): void {
    this.entries++;
    if (newKey) this.distinctKeys++;
    if (isTombstone(entry.kind as EntryKindCode)) this.tombstones++;
    this.addStamp(entry.sequence, entry.timestampMicros);
    this.rawKeyBytes += entry.keyLength;
    this.rawValueBytes += entry.valueLength;
  }

  /** Counts a range delete: its first key counts as key, its end as value. */
  addRangeTombstone(tombstone: RangeTombstone): void {
    this.rangeDeletes++;
    this.addStamp(tombstone.sequence, tombstone.timestampMicros);
    this.rawKeyBytes += tombstone.from.length;
    this.rawValueBytes += tombstone.to.length;
  }

  /** The figures so far, as a plain object. */
  figures(): SummaryFigures {
    return {
      entries: this.entries,
      tombstones: this.tombstones,
      distinctKeys: this.distinctKeys,
      rangeDeletes: this.rangeDeletes,
      smallestSequence: this.smallestSequence,
      largestSequence: this.largestSequence,
      smallestTimestampMicros: this.smallestTimestampMicros,
      largestTimestampMicros: this.largestTimestampMicros,
      rawKeyBytes: this.rawKeyBytes,
      rawValueBytes: this.rawValueBytes,
    };
  }

  private addStamp(sequence: number, timestampMicros: number): void {
    if (sequence < this.smallestSequence) this.smallestSequence = sequence;
    if (sequence > this.largestSequence) this.largestSequence = sequence;
    if (timestampMicros < this.smallestTimestampMicros) {
      this.smallestTimestampMicros = timestampMicros;
    }
    if (timestampMicros > this.largestTimestampMicros) {
      this.largestTimestampMicros = timestampMicros;
    }
  }
}
