// CRC-32C (Castagnoli): polynomial 0x1edc6f41 reflected, as in RFC 3720. LevelDB, RocksDB and
// Pebble keep it with their blocks and records, masked as `maskCrc32` does.

import { crcOf, makeCrcTables } from './crcSlicing.ts';

const TABLES: Uint32Array = makeCrcTables(0x82f63b78);

/**
 * CRC-32C of `bytes[start, end)` as an unsigned integer.
 * @param previous the CRC of the bytes before, so that a range can be computed in pieces.
 */
export function crc32c(bytes: Uint8Array, start: number, end: number, previous = 0): number {
  return crcOf(TABLES, bytes, start, end, previous);
}
