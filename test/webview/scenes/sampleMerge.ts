// Merges tables of the sample store, entry by entry, with the drop rules of a real merge.

import { compareBytes } from '../../../src/base/bytes.ts';
import type { MergeDecision, MergeHead } from '../../../src/protocol/events.ts';
import type { SampleEntry, SampleTable } from './sampleEntry.ts';
import type { SampleStore } from './sampleStore.ts';

export class SampleMerge {
  readonly #store: SampleStore;
  readonly #job: number;
  readonly #lanes: { readonly table: SampleTable; at: number }[];
  readonly #outputLevel: number;
  readonly #bottom: boolean;
  #totals = {
    ...{ entriesIn: 0, entriesOut: 0, shadowed: 0, tombstonesDropped: 0 },
    ...{ bytesRead: 0, bytesWritten: 0 },
  };

  constructor(
    store: SampleStore,
    job: number,
    inputs: readonly SampleTable[],
    outputLevel: number,
    bottom: boolean,
  ) {
    this.#store = store;
    this.#job = job;
    this.#lanes = inputs.map((table) => ({ table, at: 0 }));
    this.#outputLevel = outputLevel;
    this.#bottom = bottom;
  }

  run(file: number): {
    readonly tables: readonly SampleTable[];
    readonly totals: SampleMerge['totals'];
  } {
    const kept: SampleEntry[] = [];
    let newest: SampleEntry | undefined;
    for (let heads = this.#heads(); heads.some((head) => head !== null); heads = this.#heads()) {
      const lane = smallest(heads);
      const { table, at } = this.#lanes[lane]!;
      const entry = table.entries[at]!;
      const decision = this.#decide(entry, newest);
      newest = entry;
      this.#lanes[lane]!.at += 1;
      this.#count(entry, decision);
      if (decision.verdict === 'keep') kept.push(entry);
      this.#store.emit({
        ...{ kind: 'compaction.entry', job: this.#job, lane, file: table.info.file },
        ...{ level: table.level, entryKind: entry.entryKind, key: entry.key },
        ...{ sequence: entry.sequence, valueSizeBytes: entry.valueSizeBytes, decision, heads },
        ...{ output: decision.verdict === 'keep' ? file : 0, totals: { ...this.#totals } },
      });
    }
    const tables =
      kept.length === 0 ? [] : [this.#store.writeTable(this.#job, file, this.#outputLevel, kept)];
    return { tables, totals: this.totals };
  }

  get totals() {
    return { ...this.#totals };
  }

  #heads(): (MergeHead | null)[] {
    return this.#lanes.map(({ table, at }) => {
      const entry = table.entries[at];
      if (entry === undefined) return null;
      return {
        key: entry.key,
        sequence: entry.sequence,
        file: table.info.file,
        level: table.level,
      };
    });
  }

  #decide(entry: SampleEntry, newest: SampleEntry | undefined): MergeDecision {
    if (newest !== undefined && compareBytes(newest.key, entry.key) === 0) {
      const snapshot = this.#store.snapshots.find(
        (each) => each >= entry.sequence && each < newest.sequence,
      );
      if (snapshot !== undefined)
        return { verdict: 'keep', because: 'snapshot-needs-it', snapshot };
      return { verdict: 'drop', because: 'shadowed', by: newest.sequence };
    }
    if (entry.entryKind !== 'delete') return { verdict: 'keep', because: 'newest-version' };
    return this.#bottom
      ? { verdict: 'drop', because: 'tombstone-nothing-older-below' }
      : { verdict: 'keep', because: 'tombstone-may-hide-older', level: this.#outputLevel + 1 };
  }

  #count(entry: SampleEntry, decision: MergeDecision): void {
    const size = entry.key.length + entry.valueSizeBytes;
    const kept = decision.verdict === 'keep';
    const shadowed = decision.because === 'shadowed';
    this.#totals = {
      entriesIn: this.#totals.entriesIn + 1,
      entriesOut: this.#totals.entriesOut + (kept ? 1 : 0),
      shadowed: this.#totals.shadowed + (shadowed ? 1 : 0),
      tombstonesDropped: this.#totals.tombstonesDropped + (kept || shadowed ? 0 : 1),
      bytesRead: this.#totals.bytesRead + size,
      bytesWritten: this.#totals.bytesWritten + (kept ? size : 0),
    };
  }
}

function smallest(heads: readonly (MergeHead | null)[]): number {
  let best = -1;
  for (const [index, head] of heads.entries()) {
    const leader = heads[best] ?? undefined;
    if (head === null) continue;
    if (leader === undefined || leader === null) best = index;
    else if ((compareBytes(head.key, leader.key) || leader.sequence - head.sequence) < 0)
      best = index;
  }
  return best;
}
