// Entries of the sample store: their order, the search among them, their bits in a filter.

import { compareBytes } from '../../../src/base/bytes.ts';
import type { SearchStep, TableInfo } from '../../../src/protocol/events.ts';
import type { MemtableNode } from '../../../src/protocol/treeState.ts';

export interface SampleEntry extends MemtableNode {
  readonly valuePreview: Uint8Array;
}

export interface SampleTable {
  readonly info: TableInfo;
  readonly level: number;
  readonly entries: readonly SampleEntry[];
  readonly filter: Uint8Array;
  readonly blockEntries: number;
}

/** Probes of a key, bits of a filter's line, entries from one restart point to the next. */
export const PROBES = 7;
export const LINE_BITS = 512;
export const RESTART_INTERVAL = 4;

const utf8 = new TextEncoder();

export function bytesOf(text: string): Uint8Array {
  return utf8.encode(text);
}

export function compareEntries(left: SampleEntry, right: SampleEntry): number {
  return compareBytes(left.key, right.key) || right.sequence - left.sequence;
}

/** The search of a skip list whose nodes are given in order. */
export function searchPath(
  nodes: readonly SampleEntry[],
  key: Uint8Array,
  sequence: number,
): readonly SearchStep[] {
  const steps: SearchStep[] = [];
  let at = -1;
  for (let level = Math.max(0, ...nodes.map(({ height }) => height - 1)); level >= 0;) {
    const next = nodes.findIndex((node, index) => index > at && node.height > level);
    const node = nodes[next];
    const smaller =
      node !== undefined && (compareBytes(node.key, key) || sequence - node.sequence) < 0;
    steps.push({
      ...{ level, key: node?.key ?? null, sequence: node?.sequence ?? 0 },
      went: smaller ? 'right' : 'down',
    });
    if (smaller) at = next;
    else level -= 1;
  }
  return steps;
}

export function hashOf(key: Uint8Array): readonly [number, number] {
  let first = 0x811c9dc5;
  let second = 0x9e3779b1;
  for (const byte of key) {
    first = Math.imul(first ^ byte, 0x01000193);
    second = Math.imul(second + byte, 0x85ebca6b) ^ (second >>> 13);
  }
  return [(first ^ (first >>> 15)) >>> 0, (second ^ (second >>> 16)) >>> 0];
}

export function bitsOf(key: Uint8Array, lines: number): readonly number[] {
  const [first, second] = hashOf(key);
  const line = first % lines;
  const step = second | 1;
  return Array.from(
    { length: PROBES },
    (_, index) => line * LINE_BITS + ((Math.imul(index, step) + second) >>> 23),
  );
}

export function isSet(filter: Uint8Array, bit: number): boolean {
  return (filter[bit >> 3]! & (1 << (bit & 7))) !== 0;
}
