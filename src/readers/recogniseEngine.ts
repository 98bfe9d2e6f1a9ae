// Whose directory it is, by the names in it. The more particular signs come first: RocksDB's and
// Pebble's directories hold most of LevelDB's names too.

/** Engines whose directories can be read. */
export type ReadableEngine = 'leveldb' | 'rocksdb' | 'pebble';

interface Signs {
  readonly engine: ReadableEngine;
  /** Each must match some name. */
  readonly all: readonly RegExp[];
}

const ENGINES: readonly Signs[] = [
  { engine: 'pebble', all: [/^marker\.(manifest|format-version)\./] },
  { engine: 'rocksdb', all: [/^OPTIONS-\d+$/, /^MANIFEST-\d+$/] },
  { engine: 'rocksdb', all: [/^IDENTITY$/, /^MANIFEST-\d+$/] },
  // It never is without a log or a table: a manifest alone may be anything.
  { engine: 'leveldb', all: [/^MANIFEST-\d+$/, /^\d+\.(ldb|sst|log)$/] },
];

/** The engine that wrote a directory with these names; `undefined` when none is known here. */
export function recogniseEngine(names: readonly string[]): ReadableEngine | undefined {
  const found = ENGINES.find(({ all }) =>
    all.every((sign) => names.some((name) => sign.test(name))),
  );
  return found?.engine;
}
