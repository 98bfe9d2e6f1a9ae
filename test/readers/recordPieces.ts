// Pieces of record logs, as a writer makes them.

import { ByteWriter } from '../../src/base/byteWriter.ts';
import { maskCrc32 } from '../../src/base/crc32.ts';
import { crc32c } from '../../src/base/crc32c.ts';
import { BLOCK_BYTES, HEADER_BYTES } from '../../src/readers/recordLog/logForm.ts';

const [WHOLE, FIRST, LAST] = [1, 2, 4];

/**
 * A piece under a checksum that fits.
 * @param numberedBytes so many of `content` are no content: the log's number.
 */
export function recordPiece(type: number, content: Uint8Array, numberedBytes = 0): Uint8Array {
  const checked = Uint8Array.of(type, ...content);
  const writer = new ByteWriter();
  writer.writeUint32(maskCrc32(crc32c(checked, 0, checked.length)));
  writer.writeUint16(content.length - numberedBytes);
  writer.writeBytes(checked);
  return writer.toBytes();
}

/** A log of these records, each shorter than a block, behind what there is of it. */
export function recordLogOf(records: readonly Uint8Array[], begun?: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  if (begun !== undefined) writer.writeBytes(begun);
  for (const record of records) {
    const left = BLOCK_BYTES - (writer.length % BLOCK_BYTES);
    const room = left - HEADER_BYTES;
    if (room >= record.length) writer.writeBytes(recordPiece(WHOLE, record));
    else if (room <= 0) {
      writer.writeBytes(new Uint8Array(left));
      writer.writeBytes(recordPiece(WHOLE, record));
    } else {
      writer.writeBytes(recordPiece(FIRST, record.subarray(0, room)));
      writer.writeBytes(recordPiece(LAST, record.subarray(room)));
    }
  }
  return writer.toBytes();
}
