// The first half of a compressed block: its literals (RFC 8878, 3.1.1.3.1).
//
//   header  kind in two bits | form of the sizes in two bits | size | of packed ones, packed size
//   kinds   0 as they are   1 one byte, repeated   2 a tree, then codes   3 codes, by the last tree
//   codes   in one stream, or in four behind the sizes of three

import { BackwardBits, damaged } from './bitReaders.ts';
import { readHuffmanTable } from './huffmanTable.ts';
import type { HuffmanTable } from './huffmanTable.ts';

/** Literals, the tree for those to come, and the index after them. */
export interface ReadLiterals {
  readonly literals: Uint8Array;
  readonly tree: HuffmanTable | undefined;
  readonly end: number;
}

const KIND_RAW = 0;
const KIND_REPEATED = 1;
const KIND_WITH_TREE = 2;

interface Header {
  readonly kind: number;
  readonly size: number;
  readonly packedSize: number;
  readonly streams: 1 | 4;
  readonly end: number;
}

/**
 * Reads them from `bytes[start, end)`.
 * @param sizeMax more than that is damage.
 */
export function readLiterals(
  bytes: Uint8Array,
  start: number,
  end: number,
  sizeMax: number,
  tree: HuffmanTable | undefined,
): ReadLiterals {
  const header = readHeader(bytes, start, end);
  const { kind, size } = header;
  const contentEnd = header.end + header.packedSize;
  if (size > sizeMax || contentEnd > end) damaged('its literals do not fit');
  if (kind === KIND_RAW) {
    return { literals: bytes.subarray(header.end, contentEnd), tree, end: contentEnd };
  }
  if (kind === KIND_REPEATED) {
    return { literals: new Uint8Array(size).fill(bytes[header.end]!), tree, end: contentEnd };
  }
  const read =
    kind === KIND_WITH_TREE ? readHuffmanTable(bytes, header.end, contentEnd) : undefined;
  const used = read?.table ?? tree ?? damaged('a tree is missing');
  const literals = decode(bytes, read?.end ?? header.end, contentEnd, header, used);
  return { literals, tree: used, end: contentEnd };
}

function readHeader(bytes: Uint8Array, start: number, end: number): Header {
  const first = bytes[start]!;
  const kind = first & 3;
  const form = (first >>> 2) & 3;
  const isPacked = kind >= KIND_WITH_TREE;
  const length = isPacked ? [3, 3, 4, 5][form]! : [1, 2, 1, 3][form]!;
  if (start + length > end) damaged('a block ends early');
  let value = 0;
  for (let index = length - 1; index >= 0; index--) value = value * 256 + bytes[start + index]!;
  if (!isPacked) {
    const size = Math.floor(value / (length === 1 ? 8 : 16));
    return {
      kind,
      size,
      packedSize: kind === KIND_RAW ? size : 1,
      streams: 1,
      end: start + length,
    };
  }
  const range = 2 ** [10, 10, 14, 18][form]!;
  const sizes = Math.floor(value / 16);
  const packedSize = Math.floor(sizes / range);
  return {
    kind,
    size: sizes % range,
    packedSize,
    streams: form === 0 ? 1 : 4,
    end: start + length,
  };
}

function decode(
  bytes: Uint8Array,
  start: number,
  end: number,
  { size, streams }: Header,
  tree: HuffmanTable,
): Uint8Array {
  const literals = new Uint8Array(size);
  if (streams === 1) {
    decodeStream(bytes, start, end, literals, 0, size, tree);
    return literals;
  }
  const part = (size + 3) >>> 2;
  let from = start + 6;
  if (from > end || 3 * part > size) damaged('its streams do not fit');
  for (let stream = 0; stream < 4; stream++) {
    const sizeAt = start + 2 * stream;
    const to = stream === 3 ? end : from + (bytes[sizeAt]! | (bytes[sizeAt + 1]! << 8));
    if (to > end) damaged('its streams do not fit');
    const partEnd = stream === 3 ? size : part * (stream + 1);
    decodeStream(bytes, from, to, literals, part * stream, partEnd, tree);
    from = to;
  }
  return literals;
}

function decodeStream(
  bytes: Uint8Array,
  start: number,
  end: number,
  literals: Uint8Array,
  literalsStart: number,
  literalsEnd: number,
  { maxBits, symbols, bits }: HuffmanTable,
): void {
  const reader = new BackwardBits(bytes, start, end);
  for (let index = literalsStart; index < literalsEnd; index++) {
    const code = reader.peek(maxBits);
    literals[index] = symbols[code]!;
    reader.left -= bits[code]!;
  }
  if (reader.left !== 0) damaged('a stream is not used up');
}
