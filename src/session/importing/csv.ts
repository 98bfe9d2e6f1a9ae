// Comma-separated values as RFC 4180 has them, read by csv-parse and taken in good part: lines may
// end in LF or CR LF, a quote may stand inside an unquoted field.

import type { CsvError, Info } from 'csv-parse';
import { Parser } from 'csv-parse';
import { LsmError } from '../../base/errors.ts';
import { Columns } from './columns.ts';
import { LINE_SIZE_MAX } from './lineSplitter.ts';
import type { Reading, RecordReader } from './reading.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];
const LF = 0x0a;

/** One row, with its fields as bytes: bad UTF-8 is to be seen, not replaced. */
interface Row {
  readonly record: readonly Uint8Array[];
  readonly info: Info;
}

/** Reads one CSV file. */
export class CsvReader implements RecordReader {
  private readonly keyField: string;
  private readonly parser: Parser;
  private readonly ended: Promise<void>;
  private readings: Reading[] = [];
  private columns: Columns | null = null;
  private fault: unknown;
  private lastLine = 0;
  private startBytes: number[] | null = [];

  constructor(keyField: string) {
    this.keyField = keyField;
    this.parser = new Parser({
      encoding: null,
      info: true,
      max_record_size: LINE_SIZE_MAX,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
    });
    this.parser.on('data', (row: Row) => this.take(row));
    this.parser.on('skip', (error: CsvError) => this.skip(error));
    this.ended = new Promise((resolve) => {
      this.parser.once('end', resolve);
      this.parser.once('error', (error) => {
        this.fault ??= error;
        resolve();
      });
    });
  }

  async push(piece: Uint8Array): Promise<readonly Reading[]> {
    const bytes = this.withoutMark(piece);
    if (bytes.length > 0) {
      await new Promise((resolve) => this.parser.write(bytes, resolve));
    }
    return this.flush();
  }

  async end(): Promise<readonly Reading[]> {
    if (this.startBytes !== null) this.parser.write(new Uint8Array(this.startBytes));
    this.parser.end();
    await this.ended;
    return this.flush();
  }

  /** The piece, without the byte order mark that the file may begin with. */
  private withoutMark(piece: Uint8Array): Uint8Array {
    if (this.startBytes === null) return piece;
    const start = [...this.startBytes, ...piece.subarray(0, 3)].slice(0, 3);
    if (this.startBytes.length + piece.length < 3) {
      this.startBytes.push(...piece);
      return new Uint8Array(0);
    }
    const used = 3 - this.startBytes.length;
    this.startBytes = null;
    const isMark = start.every((byte, index) => byte === BYTE_ORDER_MARK[index]);
    const rest = piece.subarray(used);
    return isMark ? rest : Buffer.concat([new Uint8Array(start), rest]);
  }

  private flush(): readonly Reading[] {
    if (this.fault !== undefined) throw importFault(this.fault);
    const { readings } = this;
    this.readings = [];
    return readings;
  }

  private take({ record, info }: Row): void {
    const line = info.lines - record.reduce((sum, field) => sum + lineBreaksIn(field), 0);
    this.lastLine = info.lines;
    let fields: string[];
    try {
      fields = record.map((field) => decoder.decode(field));
    } catch {
      this.complain(line, 'the line is not valid UTF-8');
      return;
    }
    if (this.columns !== null) this.readings.push(this.columns.entryOf(fields, line));
    else if (this.fault === undefined) this.takeHeader(fields);
  }

  private takeHeader(names: readonly string[]): void {
    try {
      this.columns = new Columns(names, this.keyField);
    } catch (thrown) {
      this.fault = thrown;
    }
  }

  private skip(error: CsvError): void {
    const message =
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'a quoted field that begins in this record is never closed'
        : error.message;
    this.complain(this.lastLine + 1, message);
  }

  private complain(line: number, message: string): void {
    this.readings.push({ kind: 'problem', line, message });
  }
}

function lineBreaksIn(field: Uint8Array): number {
  let breaks = 0;
  for (const byte of field) if (byte === LF) breaks++;
  return breaks;
}

function importFault(thrown: unknown): Error {
  if (thrown instanceof LsmError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new LsmError('INVALID_ARGUMENT', `the file cannot be read as CSV: ${reason}`, {
    cause: thrown,
  });
}
