// A ring of bytes in shared memory, from one thread to one other. Both ends count the bytes they
// have moved, modulo 2^32; the difference is what lies in it.

/** Words that the two counts take. */
export const RING_WORDS = 2;
const WORD_WRITTEN = 0;
const WORD_READ = 1;

/** One end of a ring; a thread uses either the writing or the reading part. */
export class ByteRing {
  private readonly counts: Int32Array;
  private readonly bytes: Uint8Array;
  private readonly mask: number;

  /**
   * @param counts of `RING_WORDS`, 0 at first.
   * @param bytes as many as a power of two.
   */
  constructor(counts: Int32Array, bytes: Uint8Array) {
    this.counts = counts;
    this.bytes = bytes;
    this.mask = bytes.length - 1;
  }

  /** Bytes that can be written without waiting. */
  get freeBytes(): number {
    const { counts } = this;
    const held = Atomics.load(counts, WORD_WRITTEN) - Atomics.load(counts, WORD_READ);
    return this.bytes.length - (held >>> 0);
  }

  /**
   * Writes all of `source`; blocks this thread while there is no room.
   * @param onFull called each time before it blocks: the other end must come to read.
   */
  write(source: Uint8Array, onFull: () => void): void {
    const { counts, bytes, mask } = this;
    let written = Atomics.load(counts, WORD_WRITTEN);
    for (let done = 0; done < source.length;) {
      const read = Atomics.load(counts, WORD_READ);
      const free = bytes.length - ((written - read) >>> 0);
      if (free === 0) {
        onFull();
        Atomics.wait(counts, WORD_READ, read);
        continue;
      }
      const at = written & mask;
      const length = Math.min(free, bytes.length - at, source.length - done);
      bytes.set(source.subarray(done, done + length), at);
      done += length;
      written = (written + length) | 0;
      Atomics.store(counts, WORD_WRITTEN, written);
    }
  }

  /** Everything that lies in it now, as a copy. */
  read(): Uint8Array<ArrayBuffer> {
    const { counts, bytes, mask } = this;
    const read = Atomics.load(counts, WORD_READ);
    const length = (Atomics.load(counts, WORD_WRITTEN) - read) >>> 0;
    const copy = new Uint8Array(length);
    const at = read & mask;
    const untilEnd = Math.min(length, bytes.length - at);
    copy.set(bytes.subarray(at, at + untilEnd));
    copy.set(bytes.subarray(0, length - untilEnd), untilEnd);
    Atomics.store(counts, WORD_READ, (read + length) | 0);
    Atomics.notify(counts, WORD_READ);
    return copy;
  }
}
