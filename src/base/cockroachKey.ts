// CockroachDB's keys in Pebble (cockroachkvs/cockroachkvs.go of Pebble's sources):
//
//   key | 0 | version | length of the version + 1     without a version: key | 0
//
//   version    8 bytes: wall time in nanoseconds, big-endian | 12: and a logical time, 4 bytes
//              | 13: and a byte that counts no more | 17: of a lock, its strength and transaction
//
// A key is written as CockroachDB writes it: the key, `@`, seconds with nanoseconds, logical time.

import { encodeHex } from './bytes.ts';

/** The name under which a store says that its keys are such. */
export const COCKROACH_COMPARATOR = 'cockroach_comparator';

const WALL_TIME_BYTES = 8;
const LOGICAL_END = 12;
const LOCK_BYTES = 17;
const NANOS = 1_000_000_000n;

/** Where the version begins; a key that claims a longer one than itself has none. */
export function cockroachSplit(key: Uint8Array, length: number): number {
  return length === 0 ? 0 : Math.max(0, length - key[length - 1]!);
}

/**
 * What comes before the version, and the version in words (empty when there is none).
 * @returns `undefined` when it is no such key; parts are views.
 */
export function readCockroachKey(
  key: Uint8Array,
): { readonly key: Uint8Array; readonly version: string } | undefined {
  const split = cockroachSplit(key, key.length);
  if (split < 1 || key[split - 1] !== 0) return undefined;
  const suffix = key.subarray(split);
  if (suffix.length === 1) return undefined;
  return { key: key.subarray(0, split - 1), version: cockroachVersion(suffix) };
}

/**
 * A version in words: `1205.779186748,0`, or of a lock `62,6c67656b-…`, else hexadecimal digits.
 * @param suffix with the byte that tells its length.
 */
export function cockroachVersion(suffix: Uint8Array): string {
  const length = Math.max(0, suffix.length - 1);
  const version = suffix.subarray(0, length);
  if (length === LOCK_BYTES) return lockVersion(version);
  const isTime = length === WALL_TIME_BYTES || length === LOGICAL_END || length === LOGICAL_END + 1;
  if (!isTime) return encodeHex(version);
  const view = new DataView(version.buffer, version.byteOffset, length);
  const wall = view.getBigUint64(0);
  const logical = length >= LOGICAL_END ? view.getUint32(WALL_TIME_BYTES) : 0;
  return `${wall / NANOS}.${String(wall % NANOS).padStart(9, '0')},${logical}`;
}

function lockVersion(version: Uint8Array): string {
  const digits = encodeHex(version.subarray(1));
  const parts = [0, 8, 12, 16, 20].map((start, index, starts) =>
    digits.slice(start, starts[index + 1]),
  );
  return `${encodeHex(version.subarray(0, 1))},${parts.join('-')}`;
}
