// Assertions guard against our own mistakes, never against the world's bytes (those give LsmError).

/** Thrown when the program contradicts itself; the session reports it and offers to reopen. */
export class AssertionError extends Error {
  override name = 'AssertionError';
}

/** Throws `AssertionError` unless `condition` holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** The value, which must be there. */
export function ensureExists<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new AssertionError(`${what} must exist`);
  return value;
}

/** Marks a case that the type checker proves impossible. */
export function assertUnreachable(value: never): never {
  throw new AssertionError(`unexpected value ${JSON.stringify(value)}`);
}
