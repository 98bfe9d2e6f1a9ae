// Which leading part of a key is its prefix: what a filter knows of keys beside the keys
// themselves, so that a scan over one prefix may pass over tables that hold none of it.

/** The first `length` bytes; or all up to and including the first `byte`. */
export type PrefixExtractor =
  | { readonly kind: 'fixed'; readonly length: number }
  | { readonly kind: 'delimiter'; readonly byte: number };

/** Longest fixed prefix, bytes. */
export const PREFIX_LENGTH_MAX = 1024;

/**
 * Length of the prefix of the key `bytes[start, end)`; 0 for a key that has none, being too short
 * or without the byte.
 */
export function prefixLength(
  extractor: PrefixExtractor,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  if (extractor.kind === 'fixed') return end - start >= extractor.length ? extractor.length : 0;
  for (let index = start; index < end; index++) {
    if (bytes[index] === extractor.byte) return index + 1 - start;
  }
  return 0;
}

/** Its name as tables hold it: DO NOT CHANGE. Empty for none. */
export function nameOfExtractor(extractor: PrefixExtractor | null): string {
  if (extractor === null) return '';
  const { kind } = extractor;
  return `${kind}:${kind === 'fixed' ? extractor.length : extractor.byte}`;
}

/**
 * The extractor of a name; `null` for none. One that this version does not know is `undefined`: the
 * prefixes in that table's filter are of no use then, its keys are.
 */
export function extractorNamed(name: string): PrefixExtractor | null | undefined {
  if (name === '') return null;
  const [, kind, digits] = /^(fixed|delimiter):(\d{1,4})$/.exec(name) ?? [];
  const figure = Number(digits);
  const extractor: PrefixExtractor =
    kind === 'fixed' ? { kind, length: figure } : { kind: 'delimiter', byte: figure };
  return kind !== undefined && isExtractor(extractor) ? extractor : undefined;
}

/** Whether its figure is within bounds. */
export function isExtractor(extractor: PrefixExtractor): boolean {
  const [figure, least, most] =
    extractor.kind === 'fixed'
      ? [extractor.length, 1, PREFIX_LENGTH_MAX]
      : [extractor.byte, 0, 255];
  const known = extractor.kind === 'fixed' || extractor.kind === 'delimiter';
  return known && Number.isInteger(figure) && figure >= least && figure <= most;
}
