// Making and dropping column families. Both are one manifest edit, done with the write queue
// stopped: whatever was written before is in the log before it, whatever is written after knows of
// it.
//
// A drop takes the family's tables out of the version: their files go when no iterator reads them
// any more. Its entries in the log are passed over by a recovery, since its number is never given
// again.

import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import type { EngineState } from '../engineState.ts';
import { deleteUnneededLogs, deleteUnneededTables } from '../jobs/obsoleteFiles.ts';
import type { FamilyOptions } from '../options.ts';
import type { WriteQueue } from '../write/writeQueue.ts';
import { DEFAULT_FAMILY_NAME, FAMILY_NAME_SIZE_MAX } from './columnFamily.ts';
import type { ColumnFamily } from './columnFamily.ts';
import { chosenOptions } from './familyOptions.ts';
import type { FamilyState } from './familyState.ts';

/** Changes the set of families of one store. */
export class FamilyChanges {
  private readonly state: EngineState;
  private readonly queue: WriteQueue;
  private readonly onDropped: () => void;

  /** @param onDropped called when a family's jobs and tables no longer count. */
  constructor(state: EngineState, queue: WriteQueue, onDropped: () => void) {
    this.state = state;
    this.queue = queue;
    this.onDropped = onDropped;
  }

  /** See `Lsm.createFamily`. */
  async create(name: string, options: FamilyOptions): Promise<ColumnFamily> {
    const { state } = this;
    const { families, versions } = state;
    state.requireWritable();
    checkName(name);
    const own = chosenOptions(options);
    families.optionsFor(name, options);
    let id = 0;
    await this.queue.exclusively(async () => {
      state.requireWritable();
      if (families.list.some((family) => family.name === name)) {
        throw new LsmError('INVALID_ARGUMENT', `there is a column family "${name}" already`);
      }
      id = versions.nextFamily;
      const familyOptions = [{ family: id, options: own }];
      await this.apply({ createdFamilies: [{ id, name }], familyOptions }, () => this.tellNew(id));
    });
    await state.events.gate?.();
    return families.of(id);
  }

  /** See `Lsm.dropFamily`. */
  async drop(handle: ColumnFamily): Promise<void> {
    const { state } = this;
    state.requireWritable();
    const family = state.families.meant(handle);
    if (family.id === 0) {
      throw new LsmError('INVALID_ARGUMENT', `the family ${DEFAULT_FAMILY_NAME} cannot be dropped`);
    }
    family.dropped = true;
    // None begins any more; writers of other families need not wait for those under way.
    while (this.hasJob(family)) await state.changed.wait();
    await this.queue.exclusively(() => this.dropNow(family));
    this.onDropped();
    await state.events.gate?.();
  }

  private async dropNow(family: FamilyState): Promise<void> {
    const { state } = this;
    state.requireWritable();
    const others = state.families.oldestWalBesides([...family.allMemtables()]);
    const oldestLog = others ?? state.wal.active.number;
    await this.apply({ droppedFamilies: [family.id], oldestLog }, () => {
      const { id, name } = family;
      if (state.events.structural) state.events.emit({ kind: 'family.drop', family: id, name });
    });
    deleteUnneededLogs(state);
    deleteUnneededTables(state);
  }

  private hasJob({ id }: FamilyState): boolean {
    return [...this.state.jobs.values()].some((job) => job.family === id);
  }

  private async apply(
    change: Parameters<EngineState['versions']['apply']>[0],
    onPublish: () => void,
  ): Promise<void> {
    const { state } = this;
    const { lastSequence } = state;
    try {
      await state.versions.apply(change, { job: 0, flushedMemtable: 0, lastSequence, onPublish });
    } catch (thrown) {
      if (thrown instanceof LsmError) state.fail(thrown, { isTold: true });
      throw thrown;
    }
  }

  private tellNew(id: number): void {
    const { events, families } = this.state;
    if (!events.structural) return;
    const family = families.of(id);
    const { active } = family.memtables;
    events.emit({
      kind: 'family.create',
      family: id,
      name: family.name,
      memtable: { memtable: active.id, capacityBytes: active.capacityBytes },
      levels: family.targets(),
    });
  }
}

function checkName(name: string): void {
  const { length } = encodeUtf8(name);
  const isWellFormed = decodeUtf8(encodeUtf8(name)) === name;
  if (length > 0 && length <= FAMILY_NAME_SIZE_MAX && isWellFormed) return;
  throw new LsmError(
    'INVALID_ARGUMENT',
    `the name of a column family has ${length} bytes; it must have 1 to ${FAMILY_NAME_SIZE_MAX}, ` +
      'and be well-formed text',
  );
}
