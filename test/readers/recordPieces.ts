// Pieces of record logs, as a writer makes them.

import { ByteWriter } from '../../src/base/byteWriter.ts';
import { maskCrc32 } from '../../src/base/crc32.ts';
import { crc32c } from '../../src/base/crc32c.ts';

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
