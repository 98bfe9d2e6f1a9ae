// What a repair tells.

/** What became of one file of the damaged store. */
export interface RepairedFile {
  readonly name: string;
  /**
   * - `whole`: everything in it is in the new store.
   * - `partly`: what verified is; `detail` says what was lost.
   * - `lost`: nothing of it.
   * - `unneeded`: the manifest says that the store had no more need of it.
   */
  readonly verdict: 'whole' | 'partly' | 'lost' | 'unneeded';
  /** Taken over: every version and every tombstone counts. */
  readonly entries: number;
  /** What is wrong with it; empty when nothing is. */
  readonly detail: string;
}

/** The outcome of a repair. */
export interface RepairReport {
  /** Nothing that the store still needed was lost. */
  readonly ok: boolean;
  /** By name. */
  readonly files: readonly RepairedFile[];
  /** In the new store. */
  readonly entries: number;
  readonly tables: number;
  readonly lastSequence: number;
}
