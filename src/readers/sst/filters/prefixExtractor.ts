// Which part of a key RocksDB puts into filters beside, or in place of, the whole
// (util/slice.cc): its extractors by the name in the table's properties.

/** The prefix of a key; `undefined` for keys that have none. */
export type PrefixExtractor = (key: Uint8Array) => Uint8Array | undefined;

const NAME = /^(?:rocksdb\.)?(FixedPrefix|CappedPrefix|fixed|capped)[.:](\d+)$/;

/** The extractor under `name`; `undefined` when it is not known here, or is none. */
export function prefixExtractorNamed(name: string): PrefixExtractor | undefined {
  if (name === 'rocksdb.Noop') return (key) => key;
  const [, kind, digits] = NAME.exec(name) ?? [];
  if (kind === undefined) return undefined;
  const length = Number(digits);
  const isCapped = kind.toLowerCase().startsWith('capped');
  return (key) => (key.length >= length || isCapped ? key.subarray(0, length) : undefined);
}
