// What a frame was compressed with (RFC 8878, 5): bytes that matches may reach back into, as if
// they stood before the frame; in trained ones, tables and offsets to begin with before them.
//
//   trained: magic number 4 | number 4 | Huffman tree | tables for offsets, match lengths, literal
//            lengths | three offsets, 4 each | content
//   raw:     content

import { loadUint32 } from '../../byteReader.ts';
import { damaged } from './bitReaders.ts';
import { readFseTable } from './fseTable.ts';
import { readHuffmanTable } from './huffmanTable.ts';
import type { HuffmanTable } from './huffmanTable.ts';
import { LITERAL_LENGTHS, MATCH_LENGTHS, OFFSETS } from './sequences.ts';
import type { SequenceTables } from './sequences.ts';

/** With what the first block of a frame begins. */
export interface FrameBeginning {
  readonly content: Uint8Array;
  readonly tree: HuffmanTable | undefined;
  readonly tables: SequenceTables;
  readonly offsets: readonly [number, number, number];
}

const MAGIC = 0xec30a437;

/** Without any dictionary. */
export const NO_DICTIONARY: FrameBeginning = {
  content: new Uint8Array(0),
  tree: undefined,
  tables: { literalLengths: undefined, offsets: undefined, matchLengths: undefined },
  offsets: [1, 4, 8],
};

/** Dictionaries taken apart, as long as somebody holds their bytes. */
const known = new WeakMap<Uint8Array, FrameBeginning>();

/** Takes a dictionary apart. */
export function beginningWith(dictionary: Uint8Array): FrameBeginning {
  const taken = known.get(dictionary);
  if (taken !== undefined) return taken;
  const isTrained = dictionary.length >= 8 && loadUint32(dictionary, 0) === MAGIC;
  const beginning = isTrained ? trained(dictionary) : { ...NO_DICTIONARY, content: dictionary };
  known.set(dictionary, beginning);
  return beginning;
}

function trained(bytes: Uint8Array): FrameBeginning {
  const { length } = bytes;
  const tree = readHuffmanTable(bytes, 8, length);
  const offsets = readFseTable(bytes, tree.end, length, OFFSETS.accuracyMax, OFFSETS.symbolMax);
  const { accuracyMax, symbolMax } = MATCH_LENGTHS;
  const matchLengths = readFseTable(bytes, offsets.end, length, accuracyMax, symbolMax);
  const literalLengths = readFseTable(
    bytes,
    matchLengths.end,
    length,
    LITERAL_LENGTHS.accuracyMax,
    LITERAL_LENGTHS.symbolMax,
  );
  const { end } = literalLengths;
  if (end + 12 > length) damaged('the dictionary ends early');
  return {
    content: bytes.subarray(end + 12),
    tree: tree.table,
    tables: {
      literalLengths: literalLengths.table,
      offsets: offsets.table,
      matchLengths: matchLengths.table,
    },
    offsets: [loadUint32(bytes, end), loadUint32(bytes, end + 4), loadUint32(bytes, end + 8)],
  };
}
