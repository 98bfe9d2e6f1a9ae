// Recovery's view of a log segment: the groups of writes it holds, oldest first, each checked.

import { ByteReader } from '../../base/byteReader.ts';
import { corruption } from '../../base/errors.ts';
import type { LsmError } from '../../base/errors.ts';
import type { VfsFile } from '../../base/vfs.ts';
import { logFileName } from '../fileNames.ts';
import { LogReader } from '../log/logReader.ts';
import type { AtFault, LogOutcome } from '../log/logReader.ts';
import { BatchCursor } from './batchCursor.ts';
import { BATCH_HEADER_SIZE, walIdentity } from './walFormat.ts';

/** Walks the groups of one segment; `next` until it says false, then `outcome` tells why. */
export class WalReader {
  readonly number: number;
  /** The record that the current group came in. */
  readonly log: LogReader;
  /** Of the current group. */
  firstSequence = 0;
  entryCount = 0;
  /** Wall clock of the write, microseconds since 1970. */
  timestampMicros = 0;
  /** Entries in all groups read so far. */
  entries = 0;
  /** Greatest sequence number read so far, 0 for none. */
  lastSequence = 0;
  /** Walks the entries of the current group; overwritten by the next. */
  readonly cursor: BatchCursor;
  private readonly header: ByteReader;

  /**
   * @param newest no later segment exists, so this one may lack its end.
   */
  constructor(file: VfsFile, number: number, newest: boolean, atFault: AtFault = 'stop') {
    const name = logFileName(number);
    this.number = number;
    this.log = new LogReader(file, name, walIdentity(number), newest, atFault);
    this.cursor = new BatchCursor(name);
    this.header = new ByteReader(new Uint8Array(0), name);
  }

  /** How the reading ended; there only after `next` said false. */
  get outcome(): LogOutcome {
    return this.log.outcome;
  }

  /**
   * `CORRUPTION` at the damaged place after `next` said false; `undefined` when nothing is damaged.
   */
  get damage(): LsmError | undefined {
    return this.log.damage;
  }

  /** The refusal of the entry that the cursor stands on: no family has or had its number. */
  unknownFamily(): LsmError {
    const { family } = this.cursor;
    const message = `it writes to column family ${family}, which the manifest does not know`;
    return corruption(message, this.log.name, this.log.offset);
  }

  /**
   * Goes to the next group; false at the end of what can be read.
   * @throws LsmError `CORRUPTION` for a record that is intact but no batch, `NOT_SUPPORTED` for a
   * log of a newer format, `IO` when reading fails.
   */
  next(): boolean {
    const { log, header } = this;
    if (!log.next()) return false;
    const { bytes, payloadStart, payloadEnd } = log;
    const fileOffset = log.offset + log.sizeBytes - payloadEnd;
    header.reset(bytes, fileOffset, payloadStart, payloadEnd);
    header.need(BATCH_HEADER_SIZE, 'a batch');
    const firstSequence = header.readUint64('sequence number');
    this.entryCount = header.readUint32('entry count');
    this.timestampMicros = header.readUint64('timestamp');
    if (firstSequence <= this.lastSequence) {
      throw corruption(
        `sequence number ${firstSequence} follows ${this.lastSequence}`,
        log.name,
        log.offset,
      );
    }
    this.firstSequence = firstSequence;
    this.lastSequence = Math.max(this.lastSequence, firstSequence + this.entryCount - 1);
    this.entries += this.entryCount;
    this.cursor.reset(bytes, header.position, payloadEnd, this.entryCount, fileOffset);
    return true;
  }
}
