// Copies of keys and values for callers. An array with a buffer of its own costs 1.5 µs to make on
// Node 20, a view into a larger one a tenth of that: so small copies share slabs, as Node's own
// Buffers do. A caller that keeps one such copy keeps its slab; one that transfers `.buffer` gives
// it all away.

import { copyWords, viewOf } from '../../base/words.ts';

const SLAB_BYTES = 16 * 1024;
/** Longer copies get a buffer of their own. */
const SHARED_BYTES_MAX = 1024;

/** Hands out copies; those handed out are never touched again. */
export class CopySlab {
  private slab = new Uint8Array(0);
  private view = viewOf(this.slab);
  private used = 0;

  /** A copy of `length` bytes at `offset`; `sourceView` is a view of the same bytes as `source`. */
  copy(source: Uint8Array, sourceView: DataView, offset: number, length: number): Uint8Array {
    if (length > SHARED_BYTES_MAX) return source.slice(offset, offset + length);
    if (this.used + length > this.slab.length) this.replaceSlab();
    const start = this.used;
    this.used += length;
    copyWords(source, sourceView, offset, this.slab, this.view, start, length);
    return new Uint8Array(this.slab.buffer, start, length);
  }

  private replaceSlab(): void {
    this.slab = new Uint8Array(SLAB_BYTES);
    this.view = viewOf(this.slab);
    this.used = 0;
  }
}
