// The types of two packages that bring none; only what the tests use.

declare module 'tape' {
  import type { Readable } from 'node:stream';

  /** A set of tests of its own; it is tape's `test` function too. */
  interface Harness {
    createStream(options: { readonly objectMode: true }): Readable;
  }

  const tape: { createHarness(): Harness };
  export = tape;
}

declare module 'abstract-level/test' {
  interface SuiteOptions<Database> {
    /** tape's `test` function. */
    readonly test: unknown;
    /** A new, empty database. */
    readonly factory: (options?: object) => Database;
  }

  const suite: <Database>(options: SuiteOptions<Database>) => void;
  export = suite;
}
