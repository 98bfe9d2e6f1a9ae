// What a reader tells of the changes that another process makes: what a read saw while it caught
// up, then what is new; and nothing more once another store has taken the place.

import type { ManifestFile } from './manifestFile.ts';
import type { ProblemList } from './problems.ts';
import { ReplacedStore } from './replacedStore.ts';
import type { PastEvent } from './storeReader.ts';

/** A reader as it is followed. */
export interface FollowedReader {
  /** The manifest that it reads at this moment. */
  readonly manifest: () => Pick<ManifestFile<unknown>, 'isReplaced' | 'name'>;
  /** Who does not ask for the past is not told it: from here on what is new counts. */
  readonly passOverPast: () => void;
  /** Takes in what has changed, and tells it. */
  readonly lookAgain: () => Iterable<PastEvent>;
}

/** Tells every change once, whoever was the first to see it. */
export class Following {
  private readonly reader: FollowedReader;
  private readonly replaced: ReplacedStore;
  /** What a read has seen while it caught up, and nobody has been told. */
  private readonly untold: PastEvent[] = [];

  constructor(problems: ProblemList, reader: FollowedReader) {
    this.reader = reader;
    this.replaced = new ReplacedStore(problems);
  }

  /** What has changed since the last call. */
  *follow(): Generator<PastEvent> {
    yield* this.untold.splice(0);
    yield* this.look();
  }

  /** Takes in what has changed for a read; the events are kept for whoever follows. */
  catchUp(): void {
    this.reader.passOverPast();
    this.untold.push(...this.look());
  }

  private look(): Iterable<PastEvent> {
    const { reader, replaced } = this;
    return replaced.look(reader.manifest()) ?? reader.lookAgain();
  }
}
