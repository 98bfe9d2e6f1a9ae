// What a merge should leave, by definition and entry by entry, knowing nothing of how they decide:
// an entry remains exactly if a snapshot or the newest view needs it, or if an older table outside
// of the merge may hold something that it hides.
//
// A view is asked what it sees of a key, also with an older value lying below where there may be
// one. Nothing may be seen otherwise than before the merge; and each thing that remains, taken away
// alone, must be missed. Single deletes are asked by their contract instead: what they hide must
// not come back when the put above them goes with a later one.

import { compareBytes, decodeUtf8 } from '../../../src/base/bytes.ts';
import { KIND_MERGE, KIND_PUT, KIND_SINGLE_DELETE } from '../../../src/engine/entryKind.ts';
import { successorOf } from '../../../src/engine/rangeDelete/rangeTombstone.ts';
import type { RangeTombstone } from '../../../src/engine/rangeDelete/rangeTombstone.ts';
import type { ModelEntry } from '../modelEntries.ts';
import type { RecordedMerge } from './recordedMerges.ts';

/** What there is of one key, newest first. */
interface Things {
  readonly points: readonly ModelEntry[];
  readonly covers: readonly { readonly sequence: number }[];
}

const NEWEST_VIEW = Number.MAX_SAFE_INTEGER;
const OLDER_VALUE = 'what lies below';

/** What is wrong with what a merge left; empty when all is as defined. */
export function problemsOfMerge(merge: RecordedMerge): string[] {
  const { inputs, outputs } = merge;
  const bounds = inputs.flatMap(({ ranges }) => ranges.flatMap(({ from, to }) => [from, to]));
  const ends = [...inputs, ...outputs, ...merge.behind].flatMap(({ info }) => [
    info.smallestKey,
    info.largestKey,
  ]);
  const points = inputs.flatMap((table) => table.points.map(({ key }) => key));
  const keys = distinct([...points, ...bounds, ...ends].flatMap((key) => [key, successorOf(key)]));
  return [
    ...keys.flatMap((key) => problemsOfKey(merge, key)),
    ...needlessRanges(merge, distinct(bounds), keys),
  ];
}

function problemsOfKey(merge: RecordedMerge, key: Uint8Array): string[] {
  const before = thingsOf(merge.inputs, key);
  const after = thingsOf(merge.outputs, key);
  const older = mayHoldOlder(merge, key) && !isPutOnce(before) ? [false, true] : [false];
  const problems: string[] = [];
  for (const reader of [...merge.snapshots, NEWEST_VIEW]) {
    for (const isBelow of older) {
      const [was, is] = [view(before, reader, isBelow), view(after, reader, isBelow)];
      if (was !== is) problems.push(`${shown(key)} at ${reader} is ${is}, was ${was}`);
    }
  }
  for (const point of after.points) {
    if (point.kind === KIND_SINGLE_DELETE) continue;
    const rest = { ...after, points: after.points.filter((other) => other !== point) };
    if (!isMissed(merge, after, rest, older)) {
      problems.push(`${shown(key)} #${point.sequence} (kind ${point.kind}) stays for nothing`);
    }
  }
  return [...problems, ...problemsOfSingleDeletes(merge, key, before, after)];
}

/** Whether some view sees a difference. */
function isMissed(
  { snapshots }: RecordedMerge,
  whole: Things,
  rest: Things,
  older: readonly boolean[],
): boolean {
  return [...snapshots, NEWEST_VIEW].some((reader) =>
    older.some((isBelow) => view(whole, reader, isBelow) !== view(rest, reader, isBelow)),
  );
}

/** Each piece of a range delete, cut wherever one of the inputs began or ended. */
function needlessRanges(
  merge: RecordedMerge,
  bounds: readonly Uint8Array[],
  keys: readonly Uint8Array[],
): string[] {
  return merge.outputs
    .flatMap(({ ranges }) => ranges)
    .flatMap((range) => piecesOf(range, bounds))
    .filter((piece) => {
      const within = keys.filter((key) => covers(piece, key));
      return !within.some((key) => {
        const whole = thingsOf(merge.outputs, key);
        const others = whole.covers.filter(({ sequence }) => sequence !== piece.sequence);
        const older = mayHoldOlder(merge, key) ? [false, true] : [false];
        // Of keys that only a table below has nobody knows; the stretch may hold some.
        return [whole.points, []].some((points) =>
          isMissed(merge, { ...whole, points }, { points, covers: others }, older),
        );
      });
    })
    .map(
      ({ from, to, sequence }) => `${shown(from)} to ${shown(to)} #${sequence} stays for nothing`,
    );
}

/**
 * A single delete remains while the put that it hides does, here or below, whatever is newer;
 * unless an older delete lies between, or a newer one hides it.
 */
function problemsOfSingleDeletes(
  merge: RecordedMerge,
  key: Uint8Array,
  before: Things,
  after: Things,
): string[] {
  return before.points
    .filter(({ kind }) => kind === KIND_SINGLE_DELETE)
    .flatMap(({ sequence }) => {
      const put = before.points.find((point) => point.sequence < sequence);
      const meets = put?.kind === KIND_PUT && areTogether(merge, put.sequence, sequence);
      const older = [...after.points, ...after.covers]
        .filter((thing) => thing.sequence < sequence)
        .sort((a, b) => b.sequence - a.sequence)[0];
      const hides =
        older === undefined ? mayHoldOlder(merge, key) : 'kind' in older && older.kind === KIND_PUT;
      const should = hides && !meets;
      const does = after.points.some((point) => point.sequence === sequence);
      if (should === does) return [];
      return [`${shown(key)}: the single delete #${sequence} ${does ? 'stays' : 'is gone'}`];
    });
}

function areTogether({ snapshots }: RecordedMerge, older: number, newer: number): boolean {
  return !snapshots.some((snapshot) => snapshot >= older && snapshot < newer);
}

/** The oldest of them is a put of a key that is removed by single deletes: it was the only one. */
function isPutOnce({ points }: Things): boolean {
  return points.some(({ kind }) => kind === KIND_SINGLE_DELETE) && points.at(-1)?.kind === KIND_PUT;
}

/** What a reader sees of a key, as text. */
function view({ points, covers: ranges }: Things, reader: number, isBelow: boolean): string {
  const cover = ranges.find(({ sequence }) => sequence <= reader)?.sequence ?? 0;
  const operands: string[] = [];
  let base: string | undefined;
  const seen = points.filter(({ sequence }) => sequence <= reader && sequence >= cover);
  const end = seen.findIndex(({ kind }) => kind !== KIND_MERGE);
  for (const { value } of end < 0 ? seen : seen.slice(0, end)) operands.unshift(decodeUtf8(value));
  if (end < 0) base = isBelow && cover === 0 ? OLDER_VALUE : undefined;
  else if (seen[end]!.kind === KIND_PUT) base = decodeUtf8(seen[end]!.value);
  if (operands.length === 0) return base ?? 'absent';
  return [...(base === undefined ? [] : [base]), ...operands].join();
}

function thingsOf(
  tables: readonly { readonly points: readonly ModelEntry[]; ranges: readonly RangeTombstone[] }[],
  key: Uint8Array,
): Things {
  const newestFirst = (a: { sequence: number }, b: { sequence: number }): number =>
    b.sequence - a.sequence;
  return {
    points: tables
      .flatMap(({ points }) => points.filter((point) => compareBytes(point.key, key) === 0))
      .sort(newestFirst),
    covers: tables
      .flatMap(({ ranges }) => ranges.filter((range) => covers(range, key)))
      .sort(newestFirst),
  };
}

/** Whether a table outside of the merge, behind an input with the key in its range, has it, too. */
function mayHoldOlder({ inputs, behind }: RecordedMerge, key: Uint8Array): boolean {
  const holds = ({ info: { smallestKey, largestKey } }: RecordedMerge['behind'][number]): boolean =>
    compareBytes(smallestKey, key) <= 0 && compareBytes(key, largestKey) <= 0;
  const first = inputs.find(holds)?.place ?? Number.POSITIVE_INFINITY;
  return behind.some((table) => table.place > first && holds(table));
}

function covers({ from, to }: RangeTombstone, key: Uint8Array): boolean {
  return compareBytes(from, key) <= 0 && compareBytes(key, to) < 0;
}

function piecesOf(range: RangeTombstone, bounds: readonly Uint8Array[]): RangeTombstone[] {
  const inside = bounds.filter(
    (bound) => compareBytes(range.from, bound) < 0 && compareBytes(bound, range.to) < 0,
  );
  const ends = [range.from, ...inside, range.to];
  return ends.slice(1).map((to, index) => ({ ...range, from: ends[index]!, to }));
}

function distinct(keys: readonly Uint8Array[]): Uint8Array[] {
  const sorted = keys.toSorted(compareBytes);
  return sorted.filter((key, index) => index === 0 || compareBytes(sorted[index - 1]!, key) < 0);
}

function shown(key: Uint8Array): string {
  return JSON.stringify(decodeUtf8(key));
}
