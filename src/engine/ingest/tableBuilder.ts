// Writes a table outside of any store, to be ingested later. Entries come in the order of their
// keys, each key once; they have sequence number 0 until a store gives them all the same one.

import { compareBytes } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import type { Environment } from '../../base/environment.ts';
import { viewOf } from '../../base/words.ts';
import { checkKey, checkValue } from '../entryBytes.ts';
import { KIND_DELETE, KIND_MERGE, KIND_PUT } from '../entryKind.ts';
import { EventOutlet } from '../eventOutlet.ts';
import { Entry } from '../iterator/entry.ts';
import { KeyBuffer } from '../iterator/keyBuffer.ts';
import { beginTable, prepareCodecs } from '../jobs/jobContext.ts';
import { resolveOptions } from '../options.ts';
import type { LsmOptions } from '../options.ts';
import type { TableWriter } from '../table/tableWriter.ts';

/** The number of a table that belongs to no store. */
export const EXTERNAL_FILE = 0;

/** Options that decide how the table is written; the others play no part. */
export type TableBuilderOptions = Pick<
  LsmOptions,
  'blockSize' | 'blockRestartInterval' | 'bloomBitsPerKey' | 'compression' | 'prefixExtractor'
>;

/** What was written. */
export interface BuiltTable {
  readonly entries: number;
  readonly sizeBytes: number;
}

const NO_VALUE = new Uint8Array(0);

/** Takes entries in order; ends with `finish` or `abandon`. */
export class TableBuilder {
  private readonly directory: string;
  private readonly path: string;
  private readonly environment: Environment;
  private readonly writer: TableWriter;
  private readonly entry = new Entry();
  private readonly key = new KeyBuffer();
  private lastKey: Uint8Array | undefined;

  /**
   * Begins a table in `directory` under `name`, which must be free.
   * @throws LsmError `INVALID_ARGUMENT` for an option out of bounds, `IO`.
   */
  static async create(
    directory: string,
    name: string,
    environment: Environment,
    options: TableBuilderOptions = {},
  ): Promise<TableBuilder> {
    const context = {
      job: 0,
      directory,
      environment,
      options: resolveOptions(options),
      events: new EventOutlet(undefined),
      createdMicros: environment.clock.wallMicros(),
    };
    const level = context.options.maxLevels - 1;
    await prepareCodecs(context, level, []);
    const path = environment.vfs.join(directory, name);
    const place = { file: EXTERNAL_FILE, run: 0, level, family: 0, path };
    const writer = beginTable(context, { ...place, madeBy: 'ingest', inputs: [] });
    return new TableBuilder(directory, path, environment, writer);
  }

  private constructor(
    directory: string,
    path: string,
    environment: Environment,
    writer: TableWriter,
  ) {
    this.directory = directory;
    this.path = path;
    this.environment = environment;
    this.writer = writer;
    this.entry.timestampMicros = environment.clock.wallMicros();
  }

  /** Entries taken so far. */
  get entries(): number {
    return this.writer.entries;
  }

  /**
   * Appends a key with its value; both are copied.
   * @throws LsmError `INVALID_ARGUMENT` when the key is not greater than the one before, or too
   * large; `IO`.
   */
  put(key: Uint8Array, value: Uint8Array): this {
    checkValue(value);
    return this.add(KIND_PUT, key, value);
  }

  /** Appends a removal: the ingested table hides the key wherever it lies. Otherwise as `put`. */
  delete(key: Uint8Array): this {
    return this.add(KIND_DELETE, key, NO_VALUE);
  }

  /**
   * Appends an operand for the merge operator of the family that the table will come into; what the
   * store has of the key is what it is merged onto. Otherwise as `put`.
   */
  merge(key: Uint8Array, operand: Uint8Array): this {
    checkValue(operand);
    return this.add(KIND_MERGE, key, operand);
  }

  /**
   * Makes the file and its name durable.
   * @throws LsmError `INVALID_ARGUMENT` when nothing was added, `IO`; the file is then taken away.
   */
  async finish(): Promise<BuiltTable> {
    try {
      if (this.lastKey === undefined) {
        throw new LsmError('INVALID_ARGUMENT', `${this.path}: a table needs an entry at least`);
      }
      const { table } = await this.writer.finish();
      await this.environment.vfs.syncDirectory(this.directory);
      return { entries: table.entries, sizeBytes: table.sizeBytes };
    } catch (thrown) {
      this.abandon();
      throw thrown;
    }
  }

  /** Gives up and takes the file away. Idempotent. */
  abandon(): void {
    this.writer.abandon();
  }

  private add(kind: number, key: Uint8Array, value: Uint8Array): this {
    checkKey(key);
    if (this.lastKey !== undefined && compareBytes(this.lastKey, key) >= 0) {
      throw new LsmError(
        'INVALID_ARGUMENT',
        `${this.path}: keys must ascend, each once; sort them by their bytes first`,
      );
    }
    this.lastKey = key.slice();
    const { entry } = this;
    this.key.setToBytes(key);
    entry.keyBytes = this.key.bytes;
    entry.keyView = this.key.view;
    entry.keyLength = key.length;
    entry.kind = kind;
    entry.valueBytes = value;
    entry.valueView = viewOf(value);
    entry.valueLength = value.length;
    this.writer.add(entry);
    return this;
  }
}
