// About how many bytes an event will take when encoded, without encoding it: for keeping a frame
// within its budget.

/** Bytes of a number, at most. */
const NUMBER_BYTES = 9;

/** An estimate, within a factor of two for every kind of event. */
export function estimateSizeBytes(value: unknown): number {
  if (typeof value === 'number') return NUMBER_BYTES;
  if (typeof value === 'string') return value.length + 1;
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Uint8Array) return value.length + 3;
  let total = 3;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) total += estimateSizeBytes(item);
    return total;
  }
  for (const name in value) {
    total += name.length + 1 + estimateSizeBytes((value as Record<string, unknown>)[name]);
  }
  return total;
}
