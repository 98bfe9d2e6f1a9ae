// What merges read and what they wrote, as it lay on the disk: tables are read with a reader of
// their own when a merge begins and when it has ended.

import type { Vfs } from '../../../src/base/vfs.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import type { RangeTombstone } from '../../../src/engine/rangeDelete/rangeTombstone.ts';
import { JOB_READS } from '../../../src/engine/table/readContext.ts';
import type { LsmEvent, TableInfo } from '../../../src/protocol/events.ts';
import { modelOf } from '../modelEntries.ts';
import type { ModelEntry } from '../modelEntries.ts';
import { RecordingSink } from '../recordingSink.ts';
import { openTable } from '../table/builtTable.ts';

/** A table's content, and its place in the order in which readers come by: 0 is the first. */
export interface ReadTable {
  readonly info: TableInfo;
  readonly place: number;
  readonly points: readonly ModelEntry[];
  readonly ranges: readonly RangeTombstone[];
}

/** One merge. */
export interface RecordedMerge {
  readonly snapshots: readonly number[];
  readonly inputs: readonly ReadTable[];
  /** Those of the other tables that a reader comes to behind some input. */
  readonly behind: readonly { readonly info: TableInfo; readonly place: number }[];
  readonly outputs: readonly ReadTable[];
}

/** Listens to a store, and keeps its merges. */
export class MergeRecorder {
  readonly sink: RecordingSink = new RecordingSink();
  readonly merges: RecordedMerge[] = [];
  private readonly disk: Vfs;
  private readonly begun = new Map<number, Omit<RecordedMerge, 'outputs'>>();
  private readonly created = new Map<number, TableInfo>();
  private store: Lsm | undefined;

  constructor(disk: Vfs) {
    this.disk = disk;
    this.sink.read = false;
    this.sink.entry = false;
    this.sink.listener = (event) => this.hear(event);
  }

  /** The store that is listened to, before anything is merged in it. */
  watch(store: Lsm): void {
    this.store = store;
  }

  private hear(event: LsmEvent): void {
    if (event.kind === 'table.create') this.created.set(event.table.file, event.table);
    if (event.kind === 'compaction.begin' && event.manner === 'merge') {
      const files = new Set(event.inputs.flatMap((input) => input.files));
      const placed = this.store!.describe()
        .families[0]!.levels.flatMap(({ tables }) => tables)
        .map((info, place) => ({ info, place }));
      const inputs = placed
        .filter(({ info }) => files.has(info.file))
        .map(({ info, place }) => this.read(info, place));
      const first = inputs[0]!.place;
      const behind = placed.filter(({ info, place }) => place > first && !files.has(info.file));
      this.begun.set(event.job, { snapshots: event.snapshots, inputs, behind });
    }
    if (event.kind === 'compaction.end' && event.outcome === 'done') {
      const begun = this.begun.get(event.job);
      if (begun === undefined) return;
      const outputs = event.outputs.map((file, index) => this.read(this.created.get(file)!, index));
      this.merges.push({ ...begun, outputs });
    }
  }

  private read(info: TableInfo, place: number): ReadTable {
    const reader = openTable(this.disk, info);
    const points: ModelEntry[] = [];
    const iterator = reader.iterator(JOB_READS);
    for (iterator.first(); iterator.valid; iterator.next()) points.push(modelOf(iterator.entry));
    const ranges = [...reader.rangeTombstones];
    reader.close();
    return { info, place, points, ranges };
  }
}
