// Walks the entries of a batch where they lie: after recovery from a log, and at commit from the
// writer's own buffer into the memtable. Every bound is checked in both cases.

import { ByteReader } from '../../base/byteReader.ts';
import { compareRanges } from '../../base/bytes.ts';
import { viewOf } from '../../base/words.ts';
import type { EncodedEntry } from '../encodedEntry.ts';
import { hasValue, isEntryKind, KIND_PUT, KIND_RANGE_DELETE } from '../entryKind.ts';
import type { EntryKindCode } from '../entryKind.ts';
import { FAMILY_DEFAULT } from './walFormat.ts';

/** One entry at a time; the cursor itself is the entry. `reset` lets one serve many batches. */
export class BatchCursor implements EncodedEntry {
  kind: EntryKindCode = KIND_PUT;
  /** Column family. */
  family: number = FAMILY_DEFAULT;
  keyStart = 0;
  keyLength = 0;
  valueStart = 0;
  valueLength = 0;
  view: DataView;
  private readonly reader: ByteReader;
  private entriesLeft = 0;

  /** @param file name for messages. */
  constructor(file: string) {
    this.reader = new ByteReader(new Uint8Array(0), file);
    this.view = viewOf(this.reader.bytes);
  }

  get bytes(): Uint8Array {
    return this.reader.bytes;
  }

  /**
   * Goes to another batch: `count` entries in `bytes[start, end)`.
   * @param fileOffset where `bytes[0]` lies in the file, for messages.
   */
  reset(bytes: Uint8Array, start: number, end: number, count: number, fileOffset = 0): void {
    if (bytes !== this.reader.bytes) this.view = viewOf(bytes);
    this.reader.reset(bytes, fileOffset, start, end);
    this.entriesLeft = count;
  }

  /**
   * Goes to the next entry; false after the last.
   * @throws LsmError `CORRUPTION` when the bytes are no batch of that many entries.
   */
  next(): boolean {
    const { reader } = this;
    if (this.entriesLeft === 0) {
      if (reader.remaining > 0) throw reader.damage('bytes follow the last entry of a batch');
      return false;
    }
    this.entriesLeft--;
    const kind = reader.readUint8('entry kind');
    if (!isEntryKind(kind)) throw reader.damage(`unknown entry kind ${kind}`, reader.position - 1);
    this.kind = kind;
    this.family = reader.readVarint32('column family');
    this.keyLength = reader.readLength('key length');
    this.keyStart = reader.position;
    reader.position += this.keyLength;
    this.valueLength = hasValue(kind) ? reader.readLength('value length') : 0;
    this.valueStart = reader.position;
    reader.position += this.valueLength;
    if (kind === KIND_RANGE_DELETE) this.checkSpan();
    return true;
  }

  /** A copy of the entry's key. */
  copyKey(): Uint8Array {
    return this.bytes.slice(this.keyStart, this.keyStart + this.keyLength);
  }

  /** A copy of at most the first `most` bytes of the entry's value. */
  copyValue(most: number = Infinity): Uint8Array {
    return this.bytes.slice(this.valueStart, this.valueStart + Math.min(most, this.valueLength));
  }

  /** A range delete must not end where it begins, or before. */
  private checkSpan(): void {
    const { bytes, keyStart, keyLength, valueStart, valueLength } = this;
    const keyEnd = keyStart + keyLength;
    const order = compareRanges(
      bytes,
      keyStart,
      keyEnd,
      bytes,
      valueStart,
      valueStart + valueLength,
    );
    if (order >= 0) throw this.reader.damage('a range delete covers no key', keyStart);
  }
}
