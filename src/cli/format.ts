// Figures and bytes as people read them.

import { isUtf8 } from 'node:buffer';
import { decodeUtf8, encodeHex } from '../base/bytes.ts';
import { COCKROACH_COMPARATOR, cockroachVersion, readCockroachKey } from '../base/cockroachKey.ts';

/** The text that the bytes are the UTF-8 form of, or `null`. */
export function textOf(bytes: Uint8Array): string | null {
  // Asked first: a decoder that throws costs some microseconds for each key of binary ones.
  return isUtf8(bytes) ? decodeUtf8(bytes) : null;
}

/**
 * A key as people read it: text, else hexadecimal digits behind `0x`; with its version behind `@`
 * where the store's comparator tells of one.
 */
export function keyWords(key: Uint8Array, comparator: string): string {
  const parts = comparator === COCKROACH_COMPARATOR ? readCockroachKey(key) : undefined;
  if (parts === undefined) return plainWords(key);
  return `${plainWords(parts.key)}${parts.version === '' ? '' : `@${parts.version}`}`;
}

/** The version of a range key, as `keyWords` has it behind the `@`. */
export function suffixWords(suffix: Uint8Array, comparator: string): string {
  const isVersion = comparator === COCKROACH_COMPARATOR && suffix.length > 0;
  return isVersion ? cockroachVersion(suffix) : plainWords(suffix);
}

function plainWords(bytes: Uint8Array): string {
  const text = textOf(bytes);
  return text !== null && /^[\P{C}]*$/u.test(text) ? text : `0x${encodeHex(bytes)}`;
}

/** A size with a binary unit: `17 B`, `1.5 MiB`. */
export function formatBytes(sizeBytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = sizeBytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]!}`;
}

/** A whole number with its thousands apart: `171 075`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
}

/** A quantity and its noun: `1 table`, `3 tables`, `2 entries`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/**
 * Lines of columns, each as wide as its widest cell; the first column is set left, others right.
 * @param rows the header first.
 */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
