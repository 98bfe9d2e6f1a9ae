// Copying short ranges of bytes. `target.set(source.subarray(…))` costs 150 ns before the first byte
// moves; below some hundred bytes four at a time through two DataViews is faster.

/** Bytes from which on the built-in copy is the faster one (measured on Node 20). */
const BUILT_IN_FROM_BYTES = 160;

/** Copies `length` bytes between arrays that do not overlap; each comes with a view of the same bytes. */
export function copyBytes(
  source: Uint8Array,
  sourceView: DataView,
  sourceOffset: number,
  target: Uint8Array,
  targetView: DataView,
  targetOffset: number,
  length: number,
): void {
  if (length >= BUILT_IN_FROM_BYTES) {
    target.set(source.subarray(sourceOffset, sourceOffset + length), targetOffset);
    return;
  }
  const wholeWords = length & ~3;
  let index = 0;
  for (; index < wholeWords; index += 4) {
    const word = sourceView.getUint32(sourceOffset + index, true);
    targetView.setUint32(targetOffset + index, word, true);
  }
  for (; index < length; index++) target[targetOffset + index] = source[sourceOffset + index]!;
}

/** A view of the same bytes as `bytes`. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
