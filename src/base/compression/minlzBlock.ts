// MinLZ's block format, read only: Pebble keeps blocks as such (github.com/minio/minlz, decode.go).
// Ours, because no library for JavaScript has it.
//
//   0 | raw size varint | step*         raw size 0: the rest is the content itself
//   0 alone: nothing
//   another first byte: a Snappy block, which is not read here
//
// The lowest two bits of a step say what it is; integers are little-endian, and `more` is 1 to 3
// bytes that follow where a length has one of its three greatest values:
//
//   0   bit 2: 0 literals, 1 a copy from as far back as the last one
//       length 5 bits + 1, 29 … 31: more + 30
//   1   length 4 bits + 4, 15: one byte more + 18 | distance 10 bits + 1
//   2   length 6 bits + 4, 61 … 63: more + 64 | distance uint16 + 64
//   3   bit 2 clear: literals 2 bits + 1 | length 3 bits + 4 | distance uint16 + 64
//       bit 2 set: literals 2 bits | length 6 bits as in 2 | distance 21 bits + 65536
//       The literals follow the step, and come before the copy.

/** More is in no block. */
const RAW_SIZE_MAX = 8 * 1024 * 1024;

/**
 * Decompresses a block.
 * @throws Error when it is damaged.
 */
export function decodeMinlz(packed: Uint8Array): Uint8Array {
  const input = new Input(packed);
  if (input.byte() !== 0) damaged('it does not begin as one');
  if (packed.length === 1) return new Uint8Array(0);
  const rawSize = input.varint();
  if (rawSize > RAW_SIZE_MAX) damaged(`it claims to be ${rawSize} bytes`);
  if (rawSize === 0) return packed.slice(input.at);
  const output = new Output(rawSize);
  let distance = 1;
  while (input.at < packed.length) {
    const tag = input.byte();
    if ((tag & 7) === 0) {
      output.literals(input, shortLength(tag >>> 3, input));
      continue;
    }
    let length: number;
    switch (tag & 3) {
      case 0:
        length = shortLength(tag >>> 3, input);
        break;
      case 1: {
        distance = ((tag >>> 6) | (input.byte() << 2)) + 1;
        const bits = (tag >>> 2) & 15;
        length = bits === 15 ? input.byte() + 18 : bits + 4;
        break;
      }
      case 2:
        distance = input.number(2) + 64;
        length = longLength(tag >>> 2, input);
        break;
      default:
        ({ distance, length } = fused(tag, input, output));
    }
    output.copy(distance, length);
  }
  return output.whole();
}

/** Takes a step that has literals before its copy, and these. */
function fused(
  tag: number,
  input: Input,
  output: Output,
): { readonly distance: number; readonly length: number } {
  const literals = (tag >>> 3) & 3;
  if ((tag & 4) === 0) {
    const distance = input.number(2) + 64;
    output.literals(input, literals + 1);
    return { distance, length: (tag >>> 5) + 4 };
  }
  const rest = input.number(3);
  const length = longLength((tag >>> 5) | ((rest & 7) << 3), input);
  output.literals(input, literals);
  return { distance: (rest >>> 3) + 65_536, length };
}

function shortLength(bits: number, input: Input): number {
  return bits < 29 ? bits + 1 : input.number(bits - 28) + 30;
}

function longLength(bits: number, input: Input): number {
  return bits < 61 ? bits + 4 : input.number(bits - 60) + 64;
}

function damaged(what: string): never {
  throw new Error(`a MinLZ block is damaged: ${what}`);
}

class Input {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    const byte = this.bytes[this.at++];
    return byte ?? damaged('it ends inside a step');
  }

  /** Of one to three bytes. */
  number(sizeBytes: number): number {
    let value = 0;
    for (let index = 0; index < sizeBytes; index++) value |= this.byte() << (8 * index);
    return value;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale <= 0x80 ** 4; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return damaged('its size has too many bytes');
  }
}

class Output {
  private readonly bytes: Uint8Array;
  private end = 0;

  constructor(sizeBytes: number) {
    this.bytes = new Uint8Array(sizeBytes);
  }

  literals(input: Input, length: number): void {
    const next = input.at + length;
    if (next > input.bytes.length || length > this.bytes.length - this.end) {
      damaged('literals beyond the end');
    }
    this.bytes.set(input.bytes.subarray(input.at, next), this.end);
    input.at = next;
    this.end += length;
  }

  /** Over its own bytes too. */
  copy(distance: number, length: number): void {
    const { bytes, end } = this;
    if (distance > end || length > bytes.length - end) damaged('a copy from or to beyond it');
    for (let to = end; to < end + length; to++) bytes[to] = bytes[to - distance]!;
    this.end += length;
  }

  whole(): Uint8Array {
    if (this.end < this.bytes.length) damaged('it ends before its size');
    return this.bytes;
  }
}
