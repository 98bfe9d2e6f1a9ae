// The checksums that blocks may bear (RocksDB's table/format.cc). LevelDB has the first.
//
//   1 CRC-32C, masked   2 xxHash of 32 bits   3 xxHash of 64 bits, lower half
//   4 XXH3, lower half, of all but the last byte, which is mixed in by a product   0 none
//
// From format version 6 on a number is added that depends on the block's place and on the file, so
// that a block in the wrong place does not pass.

import { maskCrc32 } from '../../base/crc32.ts';
import { crc32c } from '../../base/crc32c.ts';
import { xxh3Low } from '../../base/xxh3.ts';
import { xxHash32 } from '../../base/xxHash32.ts';
import { xxHash64 } from '../../base/xxHash64.ts';

export type ChecksumType = 'none' | 'crc32c' | 'xxHash' | 'xxHash64' | 'xxh3';

/** By their numbers on disk. */
export const CHECKSUM_TYPES: readonly ChecksumType[] = [
  'none',
  'crc32c',
  'xxHash',
  'xxHash64',
  'xxh3',
];

const LAST_BYTE_FACTOR = 0x6b9083d9;

/** The checksum of `bytes[0, end)` as it is stored, unsigned; 0 for none. */
export function checksumOf(type: ChecksumType, bytes: Uint8Array, end: number): number {
  switch (type) {
    case 'none':
      return 0;
    case 'crc32c':
      return maskCrc32(crc32c(bytes, 0, end));
    case 'xxHash':
      return xxHash32(bytes, 0, end);
    case 'xxHash64':
      return Number(xxHash64(bytes, 0, end) & 0xffff_ffffn);
    case 'xxh3':
      return (xxh3Low(bytes, 0, end - 1) ^ Math.imul(bytes[end - 1]!, LAST_BYTE_FACTOR)) >>> 0;
  }
}

/**
 * What is added to the checksum of a block.
 * @param base the file's own number, 0 when its version has none.
 * @param offset where the block begins.
 */
export function contextOf(base: number, offset: number): number {
  if (base === 0) return 0;
  const high = Math.floor(offset / 0x1_0000_0000);
  return (base ^ (offset + high)) >>> 0;
}
