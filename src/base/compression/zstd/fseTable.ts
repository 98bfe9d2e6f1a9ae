// Finite state entropy (RFC 8878, 4.1): a state tells a symbol, how many bits follow, and what they
// are added to for the next state.

import { damaged, ForwardBits } from './bitReaders.ts';

/** A decoding table; a state is an index into all of its arrays. */
export interface FseTable {
  /** States are 0 … 2^accuracy - 1. */
  readonly accuracy: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

/** A table and the index after its description. */
export interface ReadTable {
  readonly table: FseTable;
  readonly end: number;
}

/** A symbol of less than one state in all. */
const LESS_THAN_ONE = -1;

/** Reads a table's description. */
export function readFseTable(
  bytes: Uint8Array,
  start: number,
  end: number,
  accuracyMax: number,
  symbolMax: number,
): ReadTable {
  const reader = new ForwardBits(bytes, start, end);
  const accuracy = reader.read(4) + 5;
  if (accuracy > accuracyMax) damaged(`an accuracy of ${accuracy}`);
  const counts = readCounts(reader, accuracy, symbolMax);
  return { table: makeFseTable(counts, accuracy), end: reader.nextByte };
}

/** How many states each symbol has. */
function readCounts(reader: ForwardBits, accuracy: number, symbolMax: number): number[] {
  const counts: number[] = [];
  let left = 1 << accuracy;
  while (left > 0) {
    if (counts.length > symbolMax) damaged('a table has too many symbols');
    const count = readCount(reader, left);
    counts.push(count);
    left -= count === LESS_THAN_ONE ? 1 : count;
    if (count !== 0) continue;
    for (let zeros = 3; zeros === 3;) {
      zeros = reader.read(2);
      for (let index = 0; index < zeros; index++) counts.push(0);
      if (counts.length > symbolMax + 1) damaged('a table has too many symbols');
    }
  }
  if (left < 0 || counts.length > symbolMax + 1) damaged('a table does not add up');
  return counts;
}

/** Values from 0 to `left + 1`; the smaller ones of them take one bit less. */
function readCount(reader: ForwardBits, left: number): number {
  const bits = 32 - Math.clz32(left + 1);
  const value = reader.read(bits);
  const shortened = (1 << bits) - 1 - (left + 1);
  const low = value & ((1 << (bits - 1)) - 1);
  if (low < shortened) {
    reader.unread(1);
    return low - 1;
  }
  return (value >= 1 << (bits - 1) ? value - shortened : value) - 1;
}

/** @param counts states of each symbol, -1 for less than one; together 2^accuracy. */
export function makeFseTable(counts: readonly number[], accuracy: number): FseTable {
  const size = 1 << accuracy;
  const symbols = spread(counts, size);
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  const next = counts.map((count) => (count === LESS_THAN_ONE ? 1 : count));
  for (let state = 0; state < size; state++) {
    const order = next[symbols[state]!]!++;
    bits[state] = accuracy - (31 - Math.clz32(order));
    bases[state] = (order << bits[state]!) - size;
  }
  return { accuracy, symbols, bits, bases };
}

/** A table of one state, which takes no bits. */
export function constantFseTable(symbol: number): FseTable {
  return {
    accuracy: 0,
    symbols: Uint8Array.of(symbol),
    bits: new Uint8Array(1),
    bases: new Uint16Array(1),
  };
}

/** Which symbol each state tells: the rarest stand at the end, the others all over the rest. */
function spread(counts: readonly number[], size: number): Uint8Array {
  const symbols = new Uint8Array(size);
  let end = size;
  for (const [symbol, count] of counts.entries()) {
    if (count === LESS_THAN_ONE) symbols[--end] = symbol;
  }
  const step = (size >>> 1) + (size >>> 3) + 3;
  let state = 0;
  for (const [symbol, count] of counts.entries()) {
    for (let index = 0; index < count; index++) {
      symbols[state] = symbol;
      do state = (state + step) & (size - 1);
      while (state >= end);
    }
  }
  return symbols;
}
