// The end of a log that is no whole record: a fault where its engine is gone, and none where it is
// being written at this moment. Which of both it is shows in the looks that follow, so it is not
// told before.

import type { Problem, WalState } from '../../protocol/treeState.ts';
import { TORN_END } from '../../readers/recordLog/recordLogReader.ts';
import type { StoredState } from '../../readers/storeReader.ts';

/** Looks after which an end that has not grown is told. */
const LOOKS_MAX = 4;

/** The ends that were torn when the directory was opened. */
export class AwaitedTails {
  private awaited: readonly Problem[];
  /** Sizes of the logs when the directory was opened. */
  private readonly sizes: ReadonlyMap<string, number>;
  /** Of those that went on: the reader keeps listing them. */
  private readonly withdrawn = new Set<string>();
  private looks = 0;

  constructor({ problems, wal }: StoredState) {
    this.sizes = sizesOf(wal);
    this.awaited = problems.filter(
      ({ file, message }) => this.sizes.has(file) && message.includes(TORN_END),
    );
  }

  /** Those that are to be told by now. */
  told(problems: readonly Problem[]): readonly Problem[] {
    const awaited = new Set(this.awaited.map(nameOf));
    const isTold = (name: string): boolean => !awaited.has(name) && !this.withdrawn.has(name);
    return problems.filter((problem) => isTold(nameOf(problem)));
  }

  /** After each look at the directory. @returns those that stayed as they were, once. */
  afterLook(wal: WalState): readonly Problem[] {
    const sizes = sizesOf(wal);
    const stayed = this.awaited.filter(({ file }) => sizes.get(file) === this.sizes.get(file));
    for (const problem of this.awaited) {
      if (!stayed.includes(problem)) this.withdrawn.add(nameOf(problem));
    }
    const isOver = ++this.looks >= LOOKS_MAX;
    this.awaited = isOver ? [] : stayed;
    return isOver ? stayed : [];
  }
}

function sizesOf({ segments }: WalState): ReadonlyMap<string, number> {
  return new Map(
    segments.map(({ file, sizeBytes }) => [`${String(file).padStart(6, '0')}.log`, sizeBytes]),
  );
}

function nameOf({ file, offset, message }: Problem): string {
  return `${file} ${offset} ${message}`;
}
