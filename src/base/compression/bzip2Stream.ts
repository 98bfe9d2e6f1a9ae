// bzip2 streams, read only: RocksDB may keep blocks as such. Ours, because no library that is kept
// up and can be bundled has it. The format has no specification but its source (bzip2 1.0.8,
// decompress.c); bits are read from the highest of each byte.
//
//   "BZh" | level 1 | block* | 17 72 45 38 50 90 | checksum 4
//   block   31 41 59 26 53 59 | checksum 4 | randomised, one bit | row of the original, 24 bits
//           bytes that occur, in 16 times 16 bits, those without any left out
//           number of trees, 3 bits | number of selectors, 15 bits | those, moved to front, unary
//           lengths of each tree's codes, as steps up and down | codes, 50 with each selected tree
//
// Codes stand for runs of the front byte (in the base-2 digits 1 and 2) and for places in a list of
// bytes that is moved to front; those bytes are the last column of all sorted rotations of the
// content, in which at last four equal bytes in a row are followed by how many more there are.

const BLOCK_MAGIC = 0x314159265359;
const END_MAGIC = 0x177245385090;
const LEVEL_BYTES = 100_000;
const CODE_BITS_MAX = 20;
const CODES_PER_TREE = 50;
const RUN_CODES = 2;

/**
 * Decompresses a stream.
 * @param rawSizeMax more bytes are damage.
 * @throws Error when it is damaged.
 */
export function decodeBzip2(packed: Uint8Array, rawSizeMax: number): Uint8Array {
  const bits = new HighBits(packed);
  const level = bits.read(8 * 3) === 0x425a68 ? bits.read(8) - 0x30 : 0;
  if (level < 1 || level > 9) damaged('it is none');
  const output = new Output(rawSizeMax);
  // Of four equal bytes become five: a block's column may be a little longer than its content.
  const columnMax = Math.min(level * LEVEL_BYTES, rawSizeMax + (rawSizeMax >>> 2) + 1);
  let combined = 0;
  for (;;) {
    const magic = bits.read(24) * 2 ** 24 + bits.read(24);
    if (magic !== BLOCK_MAGIC && magic !== END_MAGIC) damaged('a block does not begin as one');
    const checksum = bits.read(16) * 0x1_0000 + bits.read(16);
    if (magic === END_MAGIC) {
      if (checksum !== combined >>> 0) damaged('its checksum does not fit');
      return output.bytes();
    }
    output.beginBlock();
    decodeBlock(bits, columnMax, output);
    if (output.blockChecksum() !== checksum) damaged('the checksum of a block does not fit');
    combined = ((combined << 1) | (combined >>> 31)) ^ checksum;
  }
}

function damaged(what: string): never {
  throw new Error(`a bzip2 stream is damaged: ${what}`);
}

function decodeBlock(bits: HighBits, sizeMax: number, output: Output): void {
  if (bits.read(1) === 1) damaged('a block is randomised, as none is since 1997');
  const original = bits.read(24);
  const front = readBytesThatOccur(bits);
  const treeCount = bits.read(3);
  if (treeCount < 2 || treeCount > 6) damaged('a block has no trees');
  const selectors = readSelectors(bits, treeCount);
  const trees = Array.from({ length: treeCount }, () => readTree(bits, front.length + RUN_CODES));
  const column = readColumn(bits, front, selectors, trees, sizeMax);
  if (original >= column.length) damaged('a block has no beginning');
  writeOriginal(column, original, output);
}

function readBytesThatOccur(bits: HighBits): number[] {
  const ranges = bits.read(16);
  const found: number[] = [];
  for (let range = 0; range < 16; range++) {
    if ((ranges & (0x8000 >>> range)) === 0) continue;
    const inRange = bits.read(16);
    for (let index = 0; index < 16; index++) {
      if ((inRange & (0x8000 >>> index)) !== 0) found.push(16 * range + index);
    }
  }
  if (found.length === 0) damaged('a block has no bytes');
  return found;
}

function readSelectors(bits: HighBits, treeCount: number): Uint8Array {
  const selectors = new Uint8Array(bits.read(15));
  const order = Array.from({ length: treeCount }, (_, tree) => tree);
  for (let index = 0; index < selectors.length; index++) {
    let place = 0;
    while (bits.read(1) === 1) if (++place >= treeCount) damaged('a selector is out of range');
    const [tree] = order.splice(place, 1);
    order.unshift(tree!);
    selectors[index] = tree!;
  }
  return selectors;
}

/** A canonical code: the codes of each length follow each other, behind the shorter ones. */
interface Tree {
  /** By length: the code after the last one, and what is taken from a code for its place. */
  readonly limits: Int32Array;
  readonly bases: Int32Array;
  /** Symbols by length, then by their order. */
  readonly symbols: Uint16Array;
}

function readTree(bits: HighBits, symbolCount: number): Tree {
  const lengths = new Uint8Array(symbolCount);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    while (bits.read(1) === 1) length += bits.read(1) === 1 ? -1 : 1;
    if (length < 1 || length > CODE_BITS_MAX) damaged('a code is too long');
    lengths[symbol] = length;
  }
  const limits = new Int32Array(CODE_BITS_MAX + 1);
  const bases = new Int32Array(CODE_BITS_MAX + 1);
  const symbols = new Uint16Array(symbolCount);
  let code = 0;
  let place = 0;
  for (let bitCount = 1; bitCount <= CODE_BITS_MAX; bitCount++) {
    bases[bitCount] = code - place;
    for (let symbol = 0; symbol < symbolCount; symbol++) {
      if (lengths[symbol] !== bitCount) continue;
      symbols[place++] = symbol;
      code++;
    }
    limits[bitCount] = code;
    code *= 2;
  }
  return { limits, bases, symbols };
}

function readSymbol(bits: HighBits, { limits, bases, symbols }: Tree): number {
  const next = bits.peek(CODE_BITS_MAX);
  for (let bitCount = 1; bitCount <= CODE_BITS_MAX; bitCount++) {
    const code = next >>> (CODE_BITS_MAX - bitCount);
    if (code < limits[bitCount]!) {
      const place = code - bases[bitCount]!;
      bits.read(bitCount);
      return place < symbols.length && place >= 0
        ? symbols[place]!
        : damaged('a code is not known');
    }
  }
  return damaged('a code is not known');
}

/** The last column of the sorted rotations. */
function readColumn(
  bits: HighBits,
  front: number[],
  selectors: Uint8Array,
  trees: readonly Tree[],
  sizeMax: number,
): Uint8Array {
  const endCode = front.length + 1;
  const column = new Uint8Array(sizeMax);
  let length = 0;
  let run = 0;
  let runScale = 1;
  for (const selector of selectors) {
    const tree = trees[selector]!;
    for (let index = 0; index < CODES_PER_TREE; index++) {
      const symbol = readSymbol(bits, tree);
      if (symbol < RUN_CODES) {
        run += (symbol + 1) * runScale;
        runScale *= 2;
        if (run > sizeMax) damaged('a block is too large');
        continue;
      }
      if (length + run + 1 > sizeMax + (symbol === endCode ? 1 : 0))
        damaged('a block is too large');
      column.fill(front[0]!, length, length + run);
      length += run;
      run = 0;
      runScale = 1;
      if (symbol === endCode) return column.subarray(0, length);
      const [byte] = front.splice(symbol - 1, 1);
      front.unshift(byte!);
      column[length++] = byte!;
    }
  }
  return damaged('a block does not end');
}

/** Undoes the Burrows-Wheeler transform: from each row to the one that begins a byte later. */
function writeOriginal(column: Uint8Array, original: number, output: Output): void {
  const starts = new Uint32Array(256);
  for (const byte of column) starts[byte]!++;
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = starts[byte]!;
    starts[byte] = sum;
    sum += count;
  }
  const next = new Uint32Array(column.length);
  for (let row = 0; row < column.length; row++) next[starts[column[row]!]!++] = row;
  let row = next[original]!;
  for (let index = 0; index < column.length; index++) {
    output.take(column[row]!);
    row = next[row]!;
  }
}

/** What comes out, with the runs in it undone. */
class Output {
  private target: Uint8Array;
  private readonly sizeMax: number;
  private length = 0;
  private last = -1;
  private repeats = 0;
  private checksum = 0;

  constructor(sizeMax: number) {
    this.sizeMax = sizeMax;
    this.target = new Uint8Array(Math.min(sizeMax, LEVEL_BYTES));
  }

  beginBlock(): void {
    this.last = -1;
    this.repeats = 0;
    this.checksum = 0xffff_ffff;
  }

  blockChecksum(): number {
    return ~this.checksum >>> 0;
  }

  /** After four equal bytes the next one says how many more there are. */
  take(byte: number): void {
    if (this.repeats === 4) {
      for (let index = 0; index < byte; index++) this.write(this.last);
      this.repeats = 0;
      this.last = -1;
      return;
    }
    this.repeats = byte === this.last ? this.repeats + 1 : 1;
    this.last = byte;
    this.write(byte);
  }

  bytes(): Uint8Array {
    return this.target.subarray(0, this.length);
  }

  private write(byte: number): void {
    if (this.length >= this.target.length) this.grow();
    this.target[this.length++] = byte;
    this.checksum = (this.checksum << 8) ^ CHECKSUMS[(this.checksum >>> 24) ^ byte]!;
  }

  private grow(): void {
    if (this.length >= this.sizeMax) damaged('it is longer than it should be');
    const larger = new Uint8Array(Math.min(this.sizeMax, 2 * this.length + 64));
    larger.set(this.target);
    this.target = larger;
  }
}

/** CRC-32 from the highest bit on, unlike everybody else's. */
const CHECKSUMS: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc >>> 0;
});

/** Bits from the highest of each byte on. */
class HighBits {
  private readonly bytes: Uint8Array;
  private bit = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** At most 24 bits. */
  read(count: number): number {
    const value = this.peek(count);
    this.bit += count;
    if (this.bit > 8 * this.bytes.length) damaged('it ends early');
    return value;
  }

  /** The same without passing over them; beyond the end there are zeros. */
  peek(count: number): number {
    const { bytes, bit } = this;
    const index = bit >>> 3;
    const four =
      (bytes[index]! << 24) |
      (bytes[index + 1]! << 16) |
      (bytes[index + 2]! << 8) |
      bytes[index + 3]!;
    return (four << (bit & 7)) >>> (32 - count);
  }
}
