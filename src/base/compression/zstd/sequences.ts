// The second half of a compressed block: sequences, each so many literals and then a match
// (RFC 8878, 3.1.1.3.2). Lengths and offsets are codes by finite state entropy and further bits,
// all in one stream that is read backward.

import { BackwardBits, damaged } from './bitReaders.ts';
import { constantFseTable, makeFseTable, readFseTable } from './fseTable.ts';
import type { FseTable } from './fseTable.ts';

/** The tables of a block; the next one may go on with them. */
export interface SequenceTables {
  readonly literalLengths: FseTable | undefined;
  readonly offsets: FseTable | undefined;
  readonly matchLengths: FseTable | undefined;
}

/** One of the three codes: its table without a description, and what others may be. */
export interface SequenceCode {
  readonly standard: FseTable;
  readonly accuracyMax: number;
  readonly symbolMax: number;
}

// States of each symbol: RFC 8878, 3.1.1.3.2.2.
export const LITERAL_LENGTHS: SequenceCode = {
  standard: makeFseTable(
    [
      4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1,
      1, -1, -1, -1, -1,
    ],
    6,
  ),
  accuracyMax: 9,
  symbolMax: 35,
};
export const MATCH_LENGTHS: SequenceCode = {
  standard: makeFseTable(
    [
      1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ],
    6,
  ),
  accuracyMax: 9,
  symbolMax: 52,
};
export const OFFSETS: SequenceCode = {
  standard: makeFseTable(
    [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
    5,
  ),
  accuracyMax: 8,
  symbolMax: 31,
};

// What a code stands for before its further bits are added: RFC 8878, 3.1.1.3.2.1.1.
const LITERAL_BITS = [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const MATCH_BITS = [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const literalCodes = lengthCodes(0, 16, LITERAL_BITS);
const matchCodes = lengthCodes(3, 32, MATCH_BITS);

const MODE_STANDARD = 0;
const MODE_CONSTANT = 1;
const MODE_DESCRIBED = 2;

/** Receives the sequences of a block. */
export interface SequenceTaker {
  /** @param offsetValue 1 to 3 repeat one of the last offsets, others are 3 more than theirs. */
  take(literalLength: number, offsetValue: number, matchLength: number): void;
}

/** Reads the sequences in `bytes[start, end)`; gives the tables for the next block. */
export function readSequences(
  bytes: Uint8Array,
  start: number,
  end: number,
  before: SequenceTables,
  taker: SequenceTaker,
): SequenceTables {
  const header = readCount(bytes, start, end);
  if (header.count === 0) return before;
  const modes = bytes[header.end]!;
  const descriptions = new TableReader(bytes, header.end + 1, end);
  const tables = {
    literalLengths: descriptions.next(modes >>> 6, LITERAL_LENGTHS, before.literalLengths),
    offsets: descriptions.next((modes >>> 4) & 3, OFFSETS, before.offsets),
    matchLengths: descriptions.next((modes >>> 2) & 3, MATCH_LENGTHS, before.matchLengths),
  };
  decode(new BackwardBits(bytes, descriptions.position, end), header.count, tables, taker);
  return tables;
}

function readCount(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly count: number; readonly end: number } {
  if (start >= end) damaged('its sequences are missing');
  const first = bytes[start]!;
  if (first === 0) return { count: 0, end: start + 1 };
  if (start + 4 > end) damaged('its sequences end early');
  const second = bytes[start + 1]!;
  if (first < 128) return { count: first, end: start + 1 };
  if (first < 255) return { count: ((first - 128) << 8) + second, end: start + 2 };
  return { count: second + (bytes[start + 2]! << 8) + 0x7f00, end: start + 3 };
}

/** Reads the tables one after the other. */
class TableReader {
  position: number;
  private readonly bytes: Uint8Array;
  private readonly end: number;

  constructor(bytes: Uint8Array, position: number, end: number) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  next(mode: number, code: SequenceCode, before: FseTable | undefined): FseTable {
    if (mode === MODE_STANDARD) return code.standard;
    if (mode === MODE_CONSTANT) {
      const symbol = this.bytes[this.position++] ?? code.symbolMax + 1;
      if (symbol > code.symbolMax) damaged('a code is out of range');
      return constantFseTable(symbol);
    }
    if (mode !== MODE_DESCRIBED) return before ?? damaged('a table is missing');
    const { accuracyMax, symbolMax } = code;
    const read = readFseTable(this.bytes, this.position, this.end, accuracyMax, symbolMax);
    this.position = read.end;
    return read.table;
  }
}

function decode(
  reader: BackwardBits,
  count: number,
  tables: Readonly<Record<keyof SequenceTables, FseTable>>,
  taker: SequenceTaker,
): void {
  const { literalLengths, offsets, matchLengths } = tables;
  let literalState = reader.read(literalLengths.accuracy);
  let offsetState = reader.read(offsets.accuracy);
  let matchState = reader.read(matchLengths.accuracy);
  for (let index = 1; index <= count; index++) {
    const offsetBits = offsets.symbols[offsetState]!;
    const matchCode = matchLengths.symbols[matchState]!;
    const literalCode = literalLengths.symbols[literalState]!;
    const offsetValue = 2 ** offsetBits + reader.readLong(offsetBits);
    const matchLength = matchCodes.bases[matchCode]! + reader.read(matchCodes.bits[matchCode]!);
    const literalLength =
      literalCodes.bases[literalCode]! + reader.read(literalCodes.bits[literalCode]!);
    taker.take(literalLength, offsetValue, matchLength);
    if (index === count) break;
    literalState =
      literalLengths.bases[literalState]! + reader.read(literalLengths.bits[literalState]!);
    matchState = matchLengths.bases[matchState]! + reader.read(matchLengths.bits[matchState]!);
    offsetState = offsets.bases[offsetState]! + reader.read(offsets.bits[offsetState]!);
  }
  if (reader.left !== 0) damaged('its sequences are not used up');
}

interface LengthCodes {
  readonly bases: Uint32Array;
  readonly bits: Uint8Array;
}

/** Codes below `plain` are the length itself, beginning with `first`; the others have bits. */
function lengthCodes(first: number, plain: number, furtherBits: readonly number[]): LengthCodes {
  const bits = Uint8Array.from([...new Uint8Array(plain), ...furtherBits]);
  const bases = new Uint32Array(bits.length);
  let base = first;
  for (let code = 0; code < bits.length; code++) {
    bases[code] = base;
    base += 2 ** bits[code]!;
  }
  return { bases, bits };
}
