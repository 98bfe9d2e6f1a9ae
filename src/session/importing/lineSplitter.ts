// Cuts a stream of bytes into lines. A line ends with LF or CR LF, the last one also with the
// stream.

import { concatBytes } from '../../base/bytes.ts';

/** Longest line, bytes; of a longer one only this much is kept, and it is reported as too long. */
export const LINE_SIZE_MAX: number = 64 * 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/** One line without its end. */
export interface Line {
  /** Counts from 1. */
  readonly number: number;
  /** A view of the stream's bytes; valid until the next piece. */
  readonly bytes: Uint8Array;
  readonly isTooLong: boolean;
}

/** Holds what of the last piece had no end yet. */
export class LineSplitter {
  private rest: Uint8Array[] = [];
  private restSizeBytes = 0;
  private lineNumber = 0;

  /** The lines that end in `piece`. */
  *push(piece: Uint8Array): Generator<Line, void, undefined> {
    let start = 0;
    for (;;) {
      const end = piece.indexOf(LF, start);
      if (end === -1) break;
      yield this.complete(piece.subarray(start, end));
      start = end + 1;
    }
    if (start < piece.length) this.keep(piece.slice(start));
  }

  /** The line that the stream broke off in, if any. */
  *end(): Generator<Line, void, undefined> {
    if (this.restSizeBytes > 0) yield this.complete(new Uint8Array(0));
  }

  private keep(bytes: Uint8Array): void {
    if (this.restSizeBytes <= LINE_SIZE_MAX) this.rest.push(bytes);
    this.restSizeBytes += bytes.length;
  }

  private complete(last: Uint8Array): Line {
    const isTooLong = this.restSizeBytes + last.length > LINE_SIZE_MAX;
    const whole = this.rest.length === 0 ? last : concatBytes([...this.rest, last]);
    this.rest = [];
    this.restSizeBytes = 0;
    const hasReturn = whole.at(-1) === CR;
    const bytes = hasReturn ? whole.subarray(0, whole.length - 1) : whole;
    return { number: ++this.lineNumber, bytes, isTooLong };
  }
}
