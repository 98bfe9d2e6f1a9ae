// LZ4's block format (lz4/lz4, lz4_Block_format.md), without a frame around it. Ours, because no
// library that is kept up and can be bundled has it (docs/decisions).
//
//   sequence: token | literal length, more | literals | offset u16 | match length, more
//     token:   high half the literal length, low half the match length - 4; 15 means that bytes
//              follow which are added to it, up to the first one below 255
//     match:   copies from `offset` bytes before, over its own bytes too
//   The last sequence ends after its literals. The last 5 bytes are literals, and the last match
//   begins at least 12 bytes before the end.

import { viewOf } from '../words.ts';
import type { BlockCodec } from './blockCodec.ts';

const MATCH_MIN = 4;
const LAST_LITERALS = 5;
/** No match begins in this many bytes at the end. */
const MATCH_FREE_END = 12;
const OFFSET_MAX = 0xffff;
const HASH_BITS = 13;
/** After 2^6 places without a match in a row the search takes longer steps. */
const SKIP_BITS = 6;

const NO_DICTIONARY = new Uint8Array(0);

/** Where the last four bytes of each hash stood, plus one; cleared for each block. */
const places = new Int32Array(1 << HASH_BITS);

/** The quickest to read. */
export const lz4Block: BlockCodec = { expansionMax: 255, compress, decompress };

function compress(raw: Uint8Array): Uint8Array {
  const target = new Uint8Array(raw.length + Math.ceil(raw.length / 255) + 16);
  const view = viewOf(raw);
  const matchLimit = raw.length - LAST_LITERALS;
  const searchEnd = raw.length - MATCH_FREE_END;
  let written = 0;
  let anchor = 0;
  let tries = 1 << SKIP_BITS;
  places.fill(0);
  for (let position = 0; position <= searchEnd;) {
    const four = view.getUint32(position, true);
    const hash = Math.imul(four, 0x9e3779b1) >>> (32 - HASH_BITS);
    let candidate = places[hash]! - 1;
    places[hash] = position + 1;
    const offset = position - candidate;
    if (candidate < 0 || offset > OFFSET_MAX || view.getUint32(candidate, true) !== four) {
      position += tries++ >> SKIP_BITS;
      continue;
    }
    let end = position + MATCH_MIN;
    candidate += MATCH_MIN;
    while (end < matchLimit && raw[end] === raw[candidate]) {
      end++;
      candidate++;
    }
    const matchLength = end - position;
    written = writeLiterals(raw, anchor, position, matchLength - MATCH_MIN, target, written);
    target[written++] = offset;
    target[written++] = offset >>> 8;
    written = writeMore(matchLength - MATCH_MIN, target, written);
    position = end;
    anchor = end;
    tries = 1 << SKIP_BITS;
  }
  written = writeLiterals(raw, anchor, raw.length, 0, target, written);
  return target.subarray(0, written);
}

/** Writes a token, and `raw[start, end)` as its literals. */
function writeLiterals(
  raw: Uint8Array,
  start: number,
  end: number,
  matchRest: number,
  target: Uint8Array,
  position: number,
): number {
  const length = end - start;
  let written = position;
  target[written++] = (Math.min(length, 15) << 4) | Math.min(matchRest, 15);
  written = writeMore(length, target, written);
  for (let index = start; index < end; index++) target[written++] = raw[index]!;
  return written;
}

/** What of a length does not fit into its half of the token. */
function writeMore(length: number, target: Uint8Array, position: number): number {
  if (length < 15) return position;
  let written = position;
  let rest = length - 15;
  for (; rest >= 255; rest -= 255) target[written++] = 255;
  target[written++] = rest;
  return written;
}

function decompress(
  packed: Uint8Array,
  rawSizeBytes: number,
  dictionary: Uint8Array = NO_DICTIONARY,
): Uint8Array {
  // Matches may reach back into a dictionary as if it stood before the block.
  const before = dictionary.subarray(-OFFSET_MAX);
  const raw = new Uint8Array(before.length + rawSizeBytes);
  raw.set(before);
  let from = 0;
  let to = before.length;
  for (;;) {
    if (from >= packed.length) throw new Error('ends before its last literals');
    const token = packed[from++]!;
    let literals = token >>> 4;
    if (literals === 15) {
      for (let more = 255; more === 255; from++) literals += more = byteAt(packed, from);
    }
    if (literals > packed.length - from || literals > raw.length - to) {
      throw new Error('literals beyond the end');
    }
    for (const end = from + literals; from < end;) raw[to++] = packed[from++]!;
    if (from === packed.length) return raw.subarray(before.length, to);
    const offset = byteAt(packed, from) | (byteAt(packed, from + 1) << 8);
    from += 2;
    let length = (token & 15) + MATCH_MIN;
    if ((token & 15) === 15) {
      for (let more = 255; more === 255; from++) length += more = byteAt(packed, from);
    }
    if (offset === 0 || offset > to || length > raw.length - to) {
      throw new Error('a match from or to beyond the block');
    }
    for (const end = to + length; to < end; to++) raw[to] = raw[to - offset]!;
  }
}

function byteAt(packed: Uint8Array, index: number): number {
  if (index >= packed.length) throw new Error('ends inside a sequence');
  return packed[index]!;
}
