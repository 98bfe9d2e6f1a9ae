// The segments of the write-ahead log that are still needed: closed ones, whose entries wait in
// memtables for their flush, and the one that takes writes.

import type { FileNumber } from '../../protocol/events.ts';
import type { WalSegmentState, WalState } from '../../protocol/treeState.ts';
import { ensureExists } from '../../base/assert.ts';
import type { WalWriter } from '../wal/walWriter.ts';

/** All segments of one open store. */
export class WalSegments {
  private readonly closed: WalSegmentState[];
  private writer: WalWriter | undefined;
  /** The active segment before its end was written: the end is no record of writes. */
  private beforeEnd: WalSegmentState | undefined;

  /** @param closed segments that recovery read, ascending. */
  constructor(closed: readonly WalSegmentState[]) {
    this.closed = [...closed];
  }

  /** The segment that takes writes; a store open for writing always has one. */
  get active(): WalWriter {
    return ensureExists(this.writer, 'the active log segment');
  }

  get hasActive(): boolean {
    return this.writer !== undefined;
  }

  /** The active segment is being ended: that syncs whatever is in it. */
  get isEnding(): boolean {
    return this.beforeEnd !== undefined;
  }

  /** Ends the active segment for good; until `activate` it is shown as it was before. */
  async endActive(): Promise<void> {
    const writer = this.active;
    this.beforeEnd = stateOf(writer);
    await writer.end();
  }

  /** Lets `next` take writes from now on; the segment before it was ended. */
  activate(next: WalWriter): void {
    const { writer, beforeEnd } = this;
    if (writer !== undefined) {
      const { records } = ensureExists(beforeEnd, 'the state of the ended segment');
      this.closed.push({ ...stateOf(writer), records });
    }
    this.writer = next;
    this.beforeEnd = undefined;
  }

  /** Forgets the closed segments below `oldest`, and says which they were. */
  takeBelow(oldest: FileNumber): FileNumber[] {
    const kept = this.closed.findIndex((segment) => segment.file >= oldest);
    const count = kept === -1 ? this.closed.length : kept;
    return this.closed.splice(0, count).map((segment) => segment.file);
  }

  /** Bytes of all segments on disk. */
  get sizeBytes(): number {
    const sizes = this.describe().segments.map((segment) => segment.sizeBytes);
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  describe(): WalState {
    const { writer } = this;
    if (writer === undefined) return { segments: [...this.closed], active: 0 };
    const active = this.beforeEnd ?? stateOf(writer);
    return { segments: [...this.closed, active], active: writer.number };
  }

  close(): void {
    this.writer?.close();
  }
}

function stateOf(writer: WalWriter): WalSegmentState {
  const { sizeBytes, syncedBytes, records, recordsUnsynced } = writer.log;
  return { file: writer.number, sizeBytes, syncedBytes, records, recordsUnsynced };
}
