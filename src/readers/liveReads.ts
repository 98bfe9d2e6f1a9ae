// Reads of a directory that another process changes meanwhile. A table that was merged away is
// gone when a read comes to it: the manifest says by then what has taken its place, so the read
// looks again and goes on where it was. Only what is missing from the newest view is a fault.

import { equalBytes } from '../base/bytes.ts';
import { LsmError } from '../base/errors.ts';
import type { ViewRange } from './viewRange.ts';
import { withoutPrefix } from './viewRange.ts';

/** So often a read begins anew without coming further. */
const ATTEMPTS_MAX = 20;

/** A file that is not there although it is referred to. */
export class MissingFile extends LsmError {
  declare readonly file: string;

  /** @param why what refers to it. */
  constructor(file: string, why: string) {
    super('CORRUPTION', `${file} is missing: ${why}`, { file, offset: -1 });
  }
}

/** Entries of a walk. */
type Pair = readonly [Uint8Array, Uint8Array];

/** The store as such reads need it. */
export interface ChangingStore {
  /** Changes whenever its view has changed. */
  readonly version: () => string;
  /** Whether there is more on disk than the view has. */
  readonly hasChanged: () => boolean;
  /** Brings the view to what is on disk. */
  readonly catchUp: () => void;
}

/** Carries reads over changes. */
export class LiveReads {
  private readonly store: ChangingStore;
  private readonly missing = new Set<string>();

  constructor(store: ChangingStore) {
    this.store = store;
  }

  /** Whether a file is known to be missing for good: it is to be listed and passed over. */
  isLost({ file }: MissingFile): boolean {
    return this.missing.has(file);
  }

  /** One short read. @throws whatever `read` throws. */
  once<Result>(read: () => Result): Result {
    for (let attempt = 1; ; attempt++) {
      try {
        return read();
      } catch (thrown) {
        const mayPass = thrown instanceof MissingFile && this.store.hasChanged();
        if (!mayPass || attempt >= ATTEMPTS_MAX) throw thrown;
        this.store.catchUp();
      }
    }
  }

  /** A walk in the order of keys. @param open throws `MissingFile` for a file that is not lost. */
  entries(range: ViewRange, open: (rest: ViewRange) => Iterable<Pair>): Iterable<Pair> {
    return { [Symbol.iterator]: () => new LiveWalk(this, range, open) };
  }

  /** The state of the store that a walk begins with. */
  version(): string {
    return this.store.version();
  }

  /** Takes in what has changed since `version`, or takes the file for lost. */
  goOnWithout({ file }: MissingFile, version: string, attempt: number): void {
    const isStale = this.store.version() !== version || this.store.hasChanged();
    if (isStale && attempt < ATTEMPTS_MAX) this.store.catchUp();
    else this.missing.add(file);
  }
}

/** By hand: a generator around another would cost every entry. */
class LiveWalk implements Iterator<Pair> {
  private readonly reads: LiveReads;
  private readonly range: ViewRange;
  private readonly open: (rest: ViewRange) => Iterable<Pair>;
  private walk: Iterator<Pair>;
  private version: string;
  private last: Uint8Array | undefined;
  private left: number;
  private attempt = 1;

  constructor(reads: LiveReads, range: ViewRange, open: (rest: ViewRange) => Iterable<Pair>) {
    this.reads = reads;
    this.range = withoutPrefix(range);
    this.open = open;
    this.left = range.limit ?? Infinity;
    this.version = reads.version();
    this.walk = open(this.range)[Symbol.iterator]();
  }

  next(): IteratorResult<Pair> {
    for (;;) {
      try {
        const step = this.walk.next();
        if (step.done === true) return step;
        this.last = step.value[0];
        this.left--;
        this.attempt = 1;
        return step;
      } catch (thrown) {
        if (!(thrown instanceof MissingFile)) throw thrown;
        this.reads.goOnWithout(thrown, this.version, this.attempt++);
        this.begin();
      }
    }
  }

  return(): IteratorResult<Pair> {
    this.walk.return?.();
    return { done: true, value: undefined };
  }

  /** Anew, behind the last entry that was given. */
  private begin(): void {
    const { range, last, left } = this;
    this.version = this.reads.version();
    if (last === undefined) this.walk = this.open(range)[Symbol.iterator]();
    else if (range.reverse === true) {
      this.walk = this.open({ ...range, to: last, limit: left })[Symbol.iterator]();
    } else this.walk = behind(last, this.open({ ...range, from: last, limit: left + 1 }), left);
  }
}

/** What follows a key in entries that begin with it, or behind it. */
function* behind(last: Uint8Array, entries: Iterable<Pair>, limit: number): Generator<Pair> {
  let left = limit;
  for (const entry of entries) {
    if (left <= 0) return;
    if (equalBytes(entry[0], last)) continue;
    yield entry;
    left--;
  }
}
