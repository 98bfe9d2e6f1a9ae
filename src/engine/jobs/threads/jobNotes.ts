// What a job says while it runs in another thread, as bytes through a ring. A note is a MessagePack
// value behind its length (uint32, little-endian).

import { Packr } from 'msgpackr/pack';
import { loadUint32 } from '../../../base/byteReader.ts';
import { storeUint32 } from '../../../base/byteWriter.ts';
import type { LsmEventBody } from '../../../protocol/events.ts';
import type { FlushProgress, MergeProgress } from '../jobWork.ts';

/** One thing said; what belongs together is in one note, so that nobody sees half of it. */
export interface JobNote {
  /** How far the job is, when that has changed. */
  readonly progress: FlushProgress | MergeProgress | null;
  /** For the viewers. */
  readonly event: LsmEventBody | null;
  /** The job waits until the gate has opened. */
  readonly gate: boolean;
}

const LENGTH_BYTES = 4;

const packr = new Packr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

/** A note as bytes for the ring. */
export function encodeNote(note: JobNote): Uint8Array {
  const content = packr.pack(note);
  const bytes = new Uint8Array(LENGTH_BYTES + content.length);
  storeUint32(bytes, 0, content.length);
  bytes.set(content, LENGTH_BYTES);
  return bytes;
}

/** Puts notes together from the pieces in which they come out of the ring. */
export class NoteReader {
  private pieces: Uint8Array[] = [];
  private held = 0;

  /** The notes that are whole with this piece. */
  *take(piece: Uint8Array): Generator<JobNote> {
    this.pieces.push(piece);
    this.held += piece.length;
    for (let length = this.nextLength(); length !== undefined; length = this.nextLength()) {
      const [bytes] = this.pieces;
      // A copy: the events' keys are views of it, and would keep more alive.
      const note = bytes!.slice(LENGTH_BYTES, LENGTH_BYTES + length);
      this.pieces = [bytes!.subarray(LENGTH_BYTES + length)];
      this.held -= LENGTH_BYTES + length;
      yield packr.unpack(note) as JobNote;
    }
  }

  /** Length of the next note when it is whole; then it lies in the first piece. */
  private nextLength(): number | undefined {
    if (this.held < LENGTH_BYTES) return undefined;
    if (this.pieces[0]!.length < LENGTH_BYTES) this.join();
    const length = loadUint32(this.pieces[0]!, 0);
    if (this.held < LENGTH_BYTES + length) return undefined;
    if (this.pieces.length > 1) this.join();
    return length;
  }

  private join(): void {
    const joined = new Uint8Array(this.held);
    let at = 0;
    for (const piece of this.pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    this.pieces = [joined];
  }
}
