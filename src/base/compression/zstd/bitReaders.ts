// Bits of a Zstandard block: headers of tables are read forward, all else backward from the last
// set bit of the last byte (RFC 8878, 4.1).

/** Throws what a damaged frame throws. */
export function damaged(what: string): never {
  throw new Error(`a Zstandard frame is damaged: ${what}`);
}

/** Reads from the lowest bit of the first byte on. */
export class ForwardBits {
  private readonly bytes: Uint8Array;
  private readonly start: number;
  private readonly endBit: number;
  private bit = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.endBit = 8 * (end - start);
  }

  /** At most 16 bits. */
  read(count: number): number {
    if (this.bit + count > this.endBit) damaged('a table ends early');
    const index = this.start + (this.bit >>> 3);
    const three =
      this.bytes[index]! | (this.bytes[index + 1]! << 8) | (this.bytes[index + 2]! << 16);
    const value = (three >>> (this.bit & 7)) & ((1 << count) - 1);
    this.bit += count;
    return value;
  }

  /** Gives bits back. */
  unread(count: number): void {
    this.bit -= count;
  }

  /** Index of the first byte of which nothing was read. */
  get nextByte(): number {
    return this.start + ((this.bit + 7) >>> 3);
  }
}

/** Reads from the last set bit down; beyond the first byte there are zeros. */
export class BackwardBits {
  /** Bits left; negative when more were read than there are. */
  left: number;
  private readonly bytes: Uint8Array;
  private readonly start: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    const last = end > start ? bytes[end - 1]! : 0;
    if (last === 0) damaged('a stream has no last bit');
    this.bytes = bytes;
    this.start = start;
    this.left = 8 * (end - start) - 1 - Math.clz32(last << 24);
  }

  /** The next `count` bits, at most 25, without passing over them. */
  peek(count: number): number {
    const low = this.left - count;
    if (low < 0) return this.left <= 0 ? 0 : this.load(0, this.left) << -low;
    return this.load(low, count);
  }

  /** At most 25 bits. */
  read(count: number): number {
    const value = this.peek(count);
    this.left -= count;
    return value;
  }

  /** At most 31 bits. */
  readLong(count: number): number {
    if (count <= 16) return this.read(count);
    const high = this.read(count - 16);
    return high * 0x1_0000 + this.read(16);
  }

  private load(bit: number, count: number): number {
    const { bytes } = this;
    const index = this.start + (bit >>> 3);
    const four =
      bytes[index]! |
      (bytes[index + 1]! << 8) |
      (bytes[index + 2]! << 16) |
      (bytes[index + 3]! << 24);
    return (four >>> (bit & 7)) & ((1 << count) - 1);
  }
}
