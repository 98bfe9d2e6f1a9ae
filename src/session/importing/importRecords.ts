// Imports a file of records into a store, as a stream: pieces of the file in, batches of entries
// out. Malformed lines are counted and reported, and stop nothing.

import type { Scheduler } from '../../base/scheduler.ts';
import type { ImportFormat, ImportReport } from '../../protocol/messages.ts';
import type { ImportTarget } from '../storeTarget.ts';
import { BatchWriter } from './batchWriter.ts';
import type { WriterWatch } from './batchWriter.ts';
import { CsvReader } from './csv.ts';
import { jsonLinesReader } from './jsonLines.ts';
import type { Reading, RecordReader } from './reading.ts';
import { tsvReader } from './tsv.ts';

/** Longest key, bytes: the engine's own limit. */
const KEY_SIZE_MAX = 1024 * 1024;
/** Malformed lines that a report tells one by one. */
const PROBLEMS_MAX = 100;

/** What to read and how it is followed. */
export interface ImportOptions extends WriterWatch {
  readonly format: ImportFormat;
  /** The column or field that holds the key. */
  readonly keyField: string;
}

/**
 * Reads a whole file into a store. What was written before an error stays written.
 * @throws LsmError `INVALID_ARGUMENT` when the key's column is not there, `CANCELLED`, or as the
 *   store does.
 */
export async function importRecords(
  pieces: AsyncIterable<Uint8Array>,
  target: ImportTarget,
  scheduler: Scheduler,
  options: ImportOptions,
): Promise<ImportReport> {
  const reader = readerFor(options);
  const importing = new Importing(target, options);
  for await (const piece of pieces) {
    await importing.take(await reader.push(piece));
    await scheduler.turn();
  }
  await importing.take(await reader.end());
  return importing.finish();
}

function readerFor({ format, keyField }: ImportOptions): RecordReader {
  switch (format) {
    case 'csv':
      return new CsvReader(keyField);
    case 'tsv':
      return tsvReader(keyField);
    case 'jsonl':
      return jsonLinesReader(keyField);
  }
}

/** Hands entries on and counts what is malformed. */
class Importing {
  private readonly writer: BatchWriter;
  private skipped = 0;
  private readonly problems: { line: number; message: string }[] = [];

  constructor(target: ImportTarget, options: ImportOptions) {
    this.writer = new BatchWriter(target, options);
  }

  async take(readings: readonly Reading[]): Promise<void> {
    for (const reading of readings) {
      if (reading.kind === 'problem') this.skip(reading.line, reading.message);
      else if (reading.key.length > KEY_SIZE_MAX) {
        this.skip(reading.line, `the key has ${reading.key.length} bytes, more than 1 MiB`);
      } else if (this.writer.add(reading.key, reading.value)) {
        await this.writer.flush(false);
      }
    }
  }

  /** Writes what is left, durably, and with it everything before. */
  async finish(): Promise<ImportReport> {
    await this.writer.flush(true);
    const { skipped, problems } = this;
    return { imported: this.writer.written, skipped, problems };
  }

  private skip(line: number, message: string): void {
    this.skipped++;
    if (this.problems.length < PROBLEMS_MAX) this.problems.push({ line, message });
  }
}
