// Records what a session hands out: another taker of its events, always ready. Into memory, for a
// viewer that wants to save it, or into a file from the beginning.

import { closeSync, openSync, writeSync } from 'node:fs';
import { concatBytes } from '../base/bytes.ts';
import { LsmError } from '../base/errors.ts';
import type { LsmEvent } from '../protocol/events.ts';
import type { TraceHeader } from '../protocol/traceFormat.ts';
import { TraceWriter } from '../protocol/traceWriter.ts';
import type { TreeState } from '../protocol/treeState.ts';
import type { EventTaker } from './pacing/eventTaker.ts';

/** Bytes of recording that are kept in memory; then it ends by itself. */
export const RECORDING_SIZE_MAX: number = 128 * 1024 * 1024;

/** Where the bytes of a recording go. */
interface RecordingPlace {
  append(bytes: Uint8Array): void;
  close(): void;
}

/** A recording under way. */
export class Recorder implements EventTaker {
  readonly isReady = true;
  private readonly writer: TraceWriter;
  private readonly place: RecordingPlace;
  private readonly onFault: (thrown: unknown) => void;
  private hasEnded = false;

  /** @param onFault called once when the recording cannot go on; it has ended then. */
  constructor(
    state: TreeState,
    header: TraceHeader,
    place: RecordingPlace,
    onFault: (thrown: unknown) => void,
  ) {
    this.writer = new TraceWriter(state);
    this.place = place;
    this.onFault = onFault;
    place.append(this.writer.begin(header));
  }

  take(events: readonly LsmEvent[], leftOut: number): void {
    if (this.hasEnded || events.length === 0) return;
    try {
      this.place.append(this.writer.append(events, leftOut));
    } catch (thrown) {
      this.hasEnded = true;
      this.place.close();
      this.onFault(thrown);
    }
  }

  /** Ends the recording in good order. Idempotent. */
  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    try {
      this.place.append(this.writer.end());
    } finally {
      this.place.close();
    }
  }
}

/** A recording in memory. */
export class MemoryRecording implements RecordingPlace {
  private readonly pieces: Uint8Array[] = [];
  private sizeBytes = 0;

  append(bytes: Uint8Array): void {
    if (this.sizeBytes + bytes.length > RECORDING_SIZE_MAX) {
      const mebibytes = RECORDING_SIZE_MAX / (1024 * 1024);
      throw new LsmError('NOT_SUPPORTED', `a recording in memory ends at ${mebibytes} MiB`);
    }
    this.pieces.push(bytes);
    this.sizeBytes += bytes.length;
  }

  close(): void {
    // Memory stays readable after the end.
  }

  /** Everything so far, as the bytes of a trace file. */
  bytes(): Uint8Array<ArrayBuffer> {
    return concatBytes(this.pieces);
  }
}

/** A recording in a new file. */
export class FileRecording implements RecordingPlace {
  private readonly descriptor: number;
  private isClosed = false;

  /** @throws LsmError `IO` when the file is there already or cannot be made. */
  constructor(path: string) {
    try {
      this.descriptor = openSync(path, 'wx');
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      const message = `cannot record into ${path}: ${reason}`;
      throw new LsmError('IO', message, { file: path, cause: thrown });
    }
  }

  append(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.descriptor, bytes, written);
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    closeSync(this.descriptor);
  }
}
