// The three formats in which abstract-level hands over keys and values, and takes them back: text
// (`utf8`), Node's `Buffer`, and `Uint8Array` (`view`). The engine knows bytes alone.

/** A key or value as abstract-level has encoded it. */
export type Encoded = string | Uint8Array;

/** The name of a format, as options carry it to an implementation. */
export type Format = 'utf8' | 'buffer' | 'view';

/** Its bytes; text becomes UTF-8. */
export function bytesOf(encoded: Encoded): Uint8Array {
  return typeof encoded === 'string' ? Buffer.from(encoded, 'utf8') : encoded;
}

/** Bytes that nobody else holds, in the format that was asked for. */
export function inFormat(bytes: Uint8Array, format: Format | undefined): Encoded {
  if (format === 'view') return bytes;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return format === 'utf8' ? buffer.toString('utf8') : buffer;
}
