// Files in which each line is a record: what TSV and JSON Lines have in common.

import type { Line } from './lineSplitter.ts';
import { LineSplitter } from './lineSplitter.ts';
import type { Reading, RecordReader } from './reading.ts';

/** What one line says; `undefined` when it says nothing (a header, an empty line). */
export type LineMeaning = (line: Line) => Reading | undefined;

/** Reads line by line. */
export class LinesReader implements RecordReader {
  private readonly meaningOf: LineMeaning;
  private readonly lines = new LineSplitter();

  constructor(meaningOf: LineMeaning) {
    this.meaningOf = meaningOf;
  }

  push(piece: Uint8Array): Promise<readonly Reading[]> {
    return this.readAll(this.lines.push(piece));
  }

  end(): Promise<readonly Reading[]> {
    return this.readAll(this.lines.end());
  }

  /** In an async function, what a line's meaning throws becomes a rejection. */
  private async readAll(lines: Iterable<Line>): Promise<readonly Reading[]> {
    const readings: Reading[] = [];
    for (const line of lines) {
      const reading = this.meaningOf(line);
      if (reading !== undefined) readings.push(reading);
    }
    return readings;
  }
}
