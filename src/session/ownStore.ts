// Our engine as a catalogue, in this process and without a viewer.

import type { Environment } from '../base/environment.ts';
import { Lsm } from '../engine/db.ts';
import type { ColumnFamily } from '../engine/family/columnFamily.ts';
import type { LsmOptions } from '../engine/options.ts';
import { repairStore } from '../engine/repair/repair.ts';
import { verifyStore } from '../engine/verify.ts';
import { nodeEnvironment } from '../node/nodeEnvironment.ts';
import type { ImportFormat, ImportReport } from '../protocol/messages.ts';
import type { StoreStats } from '../protocol/storeStats.ts';
import type { Problem } from '../protocol/treeState.ts';
import type {
  Catalogue,
  CheckpointSummary,
  CompactionChoice,
  EditableCatalogue,
  EditableKeySpace,
  EntryRange,
  Inspection,
  LiveEntry,
  RepairSummary,
  Verification,
  Watch,
} from './catalogue.ts';
import { copyFamilies } from './importing/copyFamilies.ts';
import { noRangeKeys } from '../readers/noRangeKeys.ts';
import type { LiveRangeKey } from '../readers/storeReader.ts';
import type { CopiedStore } from './importing/copyFamilies.ts';
import { importRecords } from './importing/importRecords.ts';
import { inspectionOf } from './inspection.ts';
import { noColumnFamily } from './columnFamilies.ts';
import { ReadSteps } from './readSteps.ts';
import type { StepListener } from './readSteps.ts';
import { EngineTarget, familyTarget } from './storeTarget.ts';

/**
 * Opens one of our own stores; what may be done with it depends on the options.
 * @param jobWorkerFile the bundle of its job threads; left out: jobs run in slices.
 */
export async function openOwnStore(
  directory: string,
  options: LsmOptions,
  jobWorkerFile?: string,
): Promise<EditableCatalogue> {
  const environment = nodeEnvironment({ jobWorkerFile });
  const steps = new ReadSteps();
  const store = await Lsm.open(directory, environment, { ...options, events: steps });
  return new OwnStore(store, steps, environment);
}

/** Checks every byte of one of our own stores. */
export function verifyOwnStore(directory: string, watch: Watch): Promise<Verification> {
  return verifyStore(directory, nodeEnvironment(), watch.onProgress, watch.signal);
}

/** Builds a store in `into` of what can be read of one of our own. */
export function repairOwnStore(
  directory: string,
  into: string,
  { onProgress, signal }: Watch,
): Promise<RepairSummary> {
  return repairStore(directory, into, nodeEnvironment(), { onProgress, signal });
}

/** One column family; the default one when none is named. */
class OwnKeySpace implements EditableKeySpace {
  readonly hasOrder = true;
  protected readonly store: Lsm;
  protected readonly steps: ReadSteps;
  private readonly family: ColumnFamily | undefined;

  constructor(store: Lsm, steps: ReadSteps, family: ColumnFamily | undefined) {
    this.store = store;
    this.steps = steps;
    this.family = family;
  }

  get(key: Uint8Array, onStep?: StepListener): Uint8Array | undefined {
    return this.steps.during(onStep, () => this.store.getSync(key, { family: this.family }));
  }

  entries(range: EntryRange = {}): Iterable<LiveEntry> {
    return this.store.entries({ ...range, family: this.family });
  }

  put(key: Uint8Array, value: Uint8Array, sync: boolean): Promise<void> {
    return this.store.put(key, value, { sync, family: this.family });
  }

  delete(key: Uint8Array, sync: boolean): Promise<void> {
    return this.store.delete(key, { sync, family: this.family });
  }

  merge(key: Uint8Array, operand: Uint8Array, sync: boolean): Promise<void> {
    return this.store.merge(key, operand, { sync, family: this.family });
  }
}

class OwnStore extends OwnKeySpace implements EditableCatalogue {
  private readonly environment: Environment;

  constructor(store: Lsm, steps: ReadSteps, environment: Environment) {
    super(store, steps, undefined);
    this.environment = environment;
  }

  columnFamily(name: string): EditableKeySpace {
    return new OwnKeySpace(this.store, this.steps, this.familyNamed(name));
  }

  problems(): readonly Problem[] {
    return this.store.describe().problems;
  }

  get columnFamilies(): readonly string[] {
    return this.store.families.map(({ name }) => name);
  }

  async ensureColumnFamily(name: string): Promise<EditableKeySpace> {
    const family = this.store.family(name) ?? (await this.store.createFamily(name));
    return new OwnKeySpace(this.store, this.steps, family);
  }

  get comparator(): string {
    return this.store.describe().store.comparator;
  }

  rangeKeys(): readonly LiveRangeKey[] {
    return [];
  }

  rangeKeyMask(): never {
    throw noRangeKeys('LSM Lens');
  }

  inspect(): Inspection {
    return inspectionOf(this.store.describe());
  }

  checkpoint(directory: string): Promise<CheckpointSummary> {
    return this.store.checkpoint(directory);
  }

  stats(): StoreStats {
    return this.store.stats();
  }

  putAll(entries: readonly LiveEntry[], sync: boolean): Promise<void> {
    return new EngineTarget(this.store).putAll(entries, sync);
  }

  import(
    pieces: AsyncIterable<Uint8Array>,
    format: ImportFormat,
    keyField: string,
    watch: Watch = {},
  ): Promise<ImportReport> {
    const { scheduler } = this.environment;
    return importRecords(pieces, new EngineTarget(this.store), scheduler, {
      format,
      keyField,
      ...watch,
    });
  }

  copyFrom(source: Catalogue, watch: Watch = {}): Promise<CopiedStore> {
    const { store, environment } = this;
    const sources = source.columnFamilies.map((name) => ({
      name,
      hasOrder: source.columnFamily(name).hasOrder,
      entries: () => source.columnFamily(name).entries(),
    }));
    const target = (name: string): Promise<EngineTarget> => familyTarget(store, name);
    return copyFamilies(sources, target, environment.scheduler, watch);
  }

  flush(): Promise<void> {
    return this.store.flush();
  }

  async compact({ columnFamily, from, to, ...rest }: CompactionChoice = {}): Promise<void> {
    const { families } = this.store;
    const chosen = columnFamily === undefined ? families : [this.familyNamed(columnFamily)];
    for (const family of chosen) await this.store.compactRange({ family, from, to }, rest);
    await this.store.waitForIdle();
  }

  waitForIdle(): Promise<void> {
    return this.store.waitForIdle();
  }

  private familyNamed(name: string): ColumnFamily {
    const family = this.store.family(name);
    if (family === undefined) throw noColumnFamily(name, this.store.families);
    return family;
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
