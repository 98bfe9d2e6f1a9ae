// How much a crash may take: each model is one way in which real systems lose what nobody synced.
//
//   nothing      the process was killed: the system goes on and has everything
//   everything   power failed, and nothing that was not synced had reached the disk
//   tail         the disk wrote in order until it stopped: of names and of each file's changes a
//                first part survives, the last write torn at any byte
//   sectors      the disk wrote in any order: any set of sectors, any set of names; what a file has
//                grown by may hold zeros or what lay there before
//   names-first  names are durable, contents are not: an empty file under the new name
//   data-first   contents are durable, of the names any set: renames and removals undone

import type { Random } from '../../../src/base/random.ts';
import { applied } from './fileFate.ts';
import type { FileChange, FileFate } from './fileFate.ts';
import { renamed } from './nameFate.ts';
import type { NameChange, NameFate, Names } from './nameFate.ts';

export const LOSSES = [
  'nothing',
  'everything',
  'tail',
  'sectors',
  'names-first',
  'data-first',
] as const;

export type Loss = (typeof LOSSES)[number];

/** Bytes that a disk writes in one piece; real ones are larger, but so are real stores. */
const SECTOR_BYTES = 64;

/** The names that a power failure leaves of a directory. */
export function namesAfter(fate: NameFate, loss: Loss, random: Random): Names {
  const { durable, pending } = fate;
  switch (loss) {
    case 'everything':
      return durable;
    case 'nothing':
    case 'names-first':
      return renamed(durable, pending);
    case 'tail':
      return renamed(durable, firstPart(pending, random));
    case 'sectors':
    case 'data-first':
      return renamed(durable, anyOf(pending, random));
  }
}

/** The bytes that a power failure leaves of a file. */
export function contentAfter(fate: FileFate, loss: Loss, random: Random): Uint8Array {
  const { durable, cached, pending } = fate;
  switch (loss) {
    case 'nothing':
      return applied(cached, pending);
    case 'everything':
    case 'names-first':
      return durable;
    case 'data-first':
      return applied(durable, pending);
    case 'tail':
      return applied(durable, torn(firstPart(pending, random), random));
    case 'sectors':
      return scattered(durable, pending, random);
  }
}

function firstPart<T>(changes: readonly T[], random: Random): readonly T[] {
  return changes.slice(0, random.nextBelow(changes.length + 1));
}

function anyOf(changes: readonly NameChange[], random: Random): readonly NameChange[] {
  return changes.filter(() => random.nextBelow(2) === 0);
}

/** The last write reached the disk up to some byte. */
function torn(changes: readonly FileChange[], random: Random): readonly FileChange[] {
  const last = changes.at(-1);
  if (last?.kind !== 'write') return changes;
  const bytes = last.bytes.subarray(0, random.nextBelow(last.bytes.length + 1));
  return [...changes.slice(0, -1), { ...last, bytes }];
}

/** Sectors reach a disk in any order: some still hold what was there before. */
function scattered(
  durable: Uint8Array,
  pending: readonly FileChange[],
  random: Random,
): Uint8Array {
  const pieces = pending.flatMap((change) =>
    change.kind === 'write' ? sectorsOf(change) : change,
  );
  const kept = pieces.filter(() => random.nextBelow(2) === 0);
  const content = applied(durable, kept);
  const whole = applied(durable, pending).length;
  // Sizes are written by themselves: a file may have grown by more than what reached it.
  if (whole <= content.length || random.nextBelow(2) === 0) return content;
  const grown = new Uint8Array(whole);
  if (random.nextBelow(2) === 0) fillWithRubbish(grown, random);
  grown.set(content);
  return grown;
}

function sectorsOf({ position, bytes }: Extract<FileChange, { kind: 'write' }>): FileChange[] {
  const pieces: FileChange[] = [];
  for (let at = position; at < position + bytes.length;) {
    const end = Math.min(
      position + bytes.length,
      (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES,
    );
    pieces.push({
      kind: 'write',
      position: at,
      bytes: bytes.subarray(at - position, end - position),
    });
    at = end;
  }
  return pieces;
}

function fillWithRubbish(bytes: Uint8Array, random: Random): void {
  for (let index = 0; index < bytes.length; index++) bytes[index] = random.nextUint32();
}
