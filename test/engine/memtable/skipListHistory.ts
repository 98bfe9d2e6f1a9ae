// What threads did to one skip list, and whether it can have happened one after the other.
//
// Of each key the newest version counts, so a key is a register that only rises. A history of such
// a register is linearizable exactly if every look-up found a version whose insertion had begun by
// its end, and none older than what had been inserted, or found by another look-up, before it
// began.

import { KIND_PUT } from '../../../src/engine/entryKind.ts';
import type { Arena } from '../../../src/engine/memtable/arena.ts';
import type { ModelEntry } from './memtableModel.ts';

/** Words of the memory that the threads share beside the list. */
export const WORD_TICKET = 0;
export const WORD_READY = 1;
/** From here on, a word for each thread: insertions it has finished. */
export const WORD_PUBLISHED = 2;

/** What a thread is started with. */
export interface ThreadInput {
  readonly arena: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
  readonly thread: number;
  readonly threads: number;
  readonly insertions: number;
  readonly keys: number;
}

/** One operation; `began` and `ended` are tickets. A look-up that found nothing has sequence 0. */
export interface Observation {
  readonly did: 'insert' | 'find';
  readonly key: string;
  readonly sequence: number;
  readonly began: number;
  readonly ended: number;
}

/** Whose insertion a version is. */
export interface Insertion {
  readonly key: number;
  readonly thread: number;
  readonly threads: number;
  readonly index: number;
}

export function keyOf(number: number): string {
  return `key ${number}`;
}

/** A version whose value tells whether it is whole. */
export function versionOf({ key, thread, threads, index }: Insertion): ModelEntry {
  const sequence = index * threads + thread + 1;
  const value = Buffer.from(
    `${keyOf(key)}|${sequence}|${index}|${thread}|`.repeat(1 + (index % 3)),
  );
  return { kind: KIND_PUT, key: Buffer.from(keyOf(key)), sequence, timestampMicros: 0, value };
}

/** Which insertion a node is of. @throws Error when it is not what some thread inserted. */
export function wholeNode(
  arena: Arena,
  node: number,
): { readonly sequence: number; readonly index: number; readonly thread: number } {
  const key = Buffer.from(arena.copyKeyOf(node)).toString();
  const sequence = arena.sequenceOf(node);
  const value = Buffer.from(arena.copyValueOf(node)).toString();
  const [index = NaN, thread = NaN] = value.split('|').slice(2, 4).map(Number);
  const expected = `${key}|${sequence}|${index}|${thread}|`.repeat(1 + (index % 3));
  if (value !== expected) throw new Error(`half a node: ${key}@${sequence} holds ${value}`);
  return { sequence, index, thread };
}

/** @throws Error naming the first look-up for which there is no place in any order. */
export function checkHistory(history: readonly Observation[]): void {
  const ofKey = new Map<string, Observation[]>();
  for (const each of history) {
    const known = ofKey.get(each.key);
    if (known === undefined) ofKey.set(each.key, [each]);
    else known.push(each);
  }
  for (const operations of ofKey.values()) checkKey(operations);
}

function checkKey(operations: readonly Observation[]): void {
  const began = new Map<number, number>([[0, -1]]);
  for (const each of operations) if (each.did === 'insert') began.set(each.sequence, each.began);
  const byEnd = operations.toSorted((left, right) => left.ended - right.ended);
  let next = 0;
  let newest = 0;
  for (const each of operations.toSorted((left, right) => left.began - right.began)) {
    while (next < byEnd.length && byEnd[next]!.ended < each.began) {
      newest = Math.max(newest, byEnd[next++]!.sequence);
    }
    if (each.did === 'insert') continue;
    const insertedAt = began.get(each.sequence) ?? Infinity;
    if (each.sequence < newest || insertedAt > each.ended) {
      const { key, sequence } = each;
      throw new Error(`${key}: found ${sequence}, after ${newest} was known`);
    }
  }
}
