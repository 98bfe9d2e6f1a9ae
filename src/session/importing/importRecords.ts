// Imports a file of records into a store, as a stream: pieces of the file in, batches of entries
// out. Malformed lines are counted and reported, and stop nothing.

import type { Scheduler } from '../../base/scheduler.ts';
import { LsmError } from '../../base/errors.ts';
import type { ImportFormat, ImportReport, Progress } from '../../protocol/messages.ts';
import type { ImportTarget, KeyAndValue } from '../storeTarget.ts';
import { CsvReader } from './csv.ts';
import { jsonLinesReader } from './jsonLines.ts';
import type { Reading, RecordReader } from './reading.ts';
import { tsvReader } from './tsv.ts';

/** Entries in one batch. */
const BATCH_ENTRIES_MAX = 1000;
/** Bytes of entries in one batch, at most. */
const BATCH_BYTES_MAX = 1024 * 1024;
/** Longest key, bytes: the engine's own limit. */
const KEY_SIZE_MAX = 1024 * 1024;
/** Malformed lines that a report tells one by one. */
const PROBLEMS_MAX = 100;

/** What to read and how it is followed. */
export interface ImportOptions {
  readonly format: ImportFormat;
  /** The column or field that holds the key. */
  readonly keyField: string;
  readonly signal?: { readonly aborted: boolean };
  /** Counts entries; the total is not known. */
  readonly onProgress?: (progress: Progress) => void;
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

/** Gathers entries into batches and counts. */
class Importing {
  private readonly target: ImportTarget;
  private readonly options: ImportOptions;
  private readonly batchBytesMax: number;
  private batch: KeyAndValue[] = [];
  private batchBytes = 0;
  private imported = 0;
  private skipped = 0;
  private readonly problems: { line: number; message: string }[] = [];

  constructor(target: ImportTarget, options: ImportOptions) {
    this.target = target;
    this.options = options;
    this.batchBytesMax = Math.min(BATCH_BYTES_MAX, target.batchBytesMax);
  }

  async take(readings: readonly Reading[]): Promise<void> {
    for (const reading of readings) {
      if (reading.kind === 'problem') this.skip(reading.line, reading.message);
      else if (reading.key.length > KEY_SIZE_MAX) {
        this.skip(reading.line, `the key has ${reading.key.length} bytes, more than 1 MiB`);
      } else {
        this.batch.push([reading.key, reading.value]);
        this.batchBytes += reading.key.length + reading.value.length;
        const isFull =
          this.batch.length >= BATCH_ENTRIES_MAX || this.batchBytes >= this.batchBytesMax;
        if (isFull) await this.write(false);
      }
    }
  }

  /** Writes what is left, durably, and with it everything before. */
  async finish(): Promise<ImportReport> {
    await this.write(true);
    return { imported: this.imported, skipped: this.skipped, problems: this.problems };
  }

  private async write(sync: boolean): Promise<void> {
    if (this.options.signal?.aborted) {
      throw new LsmError('CANCELLED', `cancelled after ${this.imported} entries`);
    }
    await this.target.putAll(this.batch, sync);
    this.imported += this.batch.length;
    this.batch = [];
    this.batchBytes = 0;
    const progress = { done: this.imported, total: 0, unit: 'entries', message: '' } as const;
    this.options.onProgress?.(progress);
  }

  private skip(line: number, message: string): void {
    this.skipped++;
    if (this.problems.length < PROBLEMS_MAX) this.problems.push({ line, message });
  }
}
