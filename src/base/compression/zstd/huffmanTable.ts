// Huffman codes of literals (RFC 8878, 4.2), written as weights: a symbol of weight w has a code of
// `maximum + 1 - w` bits, and the last symbol's weight is what is missing to a power of two.

import { BackwardBits, damaged } from './bitReaders.ts';
import { readFseTable } from './fseTable.ts';

/** A decoding table, by the next `maxBits` bits. */
export interface HuffmanTable {
  readonly maxBits: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
}

/** A table and the index after its description. */
export interface ReadHuffman {
  readonly table: HuffmanTable;
  readonly end: number;
}

const MAX_BITS = 11;
const WEIGHT_ACCURACY_MAX = 6;
const WEIGHT_MAX = 12;
const WEIGHTS_MAX = 255;
/** Headers from it on say how many weights follow, each of four bits. */
const DIRECT_HEADER = 128;

/** Reads a table's description. */
export function readHuffmanTable(bytes: Uint8Array, start: number, end: number): ReadHuffman {
  if (start >= end) damaged('a tree is missing');
  const header = bytes[start]!;
  const isDirect = header >= DIRECT_HEADER;
  const sizeBytes = isDirect ? (header - DIRECT_HEADER + 2) >>> 1 : header;
  const weightsEnd = start + 1 + sizeBytes;
  if (weightsEnd > end) damaged('a tree ends early');
  const weights = isDirect
    ? directWeights(bytes, start + 1, header - DIRECT_HEADER + 1)
    : packedWeights(bytes, start + 1, weightsEnd);
  return { table: makeTable(weights), end: weightsEnd };
}

function directWeights(bytes: Uint8Array, start: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const byte = bytes[start + (index >>> 1)]!;
    return index % 2 === 0 ? byte >>> 4 : byte & 15;
  });
}

/** Weights by finite state entropy, of two states in turn. */
function packedWeights(bytes: Uint8Array, start: number, end: number): number[] {
  const read = readFseTable(bytes, start, end, WEIGHT_ACCURACY_MAX, WEIGHT_MAX);
  const { accuracy, symbols, bits, bases } = read.table;
  const reader = new BackwardBits(bytes, read.end, end);
  const states = [reader.read(accuracy), reader.read(accuracy)];
  const weights: number[] = [];
  for (let turn = 0; weights.length < WEIGHTS_MAX; turn ^= 1) {
    const state = states[turn]!;
    weights.push(symbols[state]!);
    const count = bits[state]!;
    if (count > reader.left) {
      weights.push(symbols[states[turn ^ 1]!]!);
      return weights;
    }
    states[turn] = bases[state]! + reader.read(count);
  }
  return damaged('a tree has too many weights');
}

function makeTable(weights: number[]): HuffmanTable {
  const sum = weights.reduce((total, weight) => total + (weight === 0 ? 0 : 1 << (weight - 1)), 0);
  if (sum === 0) damaged('a tree is empty');
  const maxBits = 32 - Math.clz32(sum);
  const missing = (1 << maxBits) - sum;
  const isPowerOfTwo = (missing & (missing - 1)) === 0;
  if (maxBits > MAX_BITS || !isPowerOfTwo) damaged('a tree does not add up');
  const all = [...weights, 32 - Math.clz32(missing)];
  const size = 1 << maxBits;
  const symbols = new Uint8Array(size);
  const bits = new Uint8Array(size);
  let place = 0;
  for (let weight = 1; weight <= maxBits; weight++) {
    for (const [symbol, own] of all.entries()) {
      if (own !== weight) continue;
      const next = place + (1 << (weight - 1));
      symbols.fill(symbol, place, next);
      bits.fill(maxBits + 1 - weight, place, next);
      place = next;
    }
  }
  if (place !== size) damaged('a tree does not add up');
  return { maxBits, symbols, bits };
}
