// Our engine as a catalogue, in this process and without a viewer.

import type { Environment } from '../base/environment.ts';
import { Lsm } from '../engine/db.ts';
import type { LsmOptions } from '../engine/options.ts';
import { repairStore } from '../engine/repair/repair.ts';
import { verifyStore } from '../engine/verify.ts';
import { nodeEnvironment } from '../node/nodeEnvironment.ts';
import type { ImportFormat, ImportReport } from '../protocol/messages.ts';
import type { StoreStats } from '../protocol/storeStats.ts';
import type {
  Catalogue,
  CheckpointSummary,
  EditableCatalogue,
  EntryRange,
  Inspection,
  LiveEntry,
  RepairSummary,
  Verification,
  Watch,
} from './catalogue.ts';
import { copyEntries } from './importing/copyEntries.ts';
import { importRecords } from './importing/importRecords.ts';
import { inspectionOf } from './inspection.ts';
import { EngineTarget } from './storeTarget.ts';

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
  return new OwnStore(await Lsm.open(directory, environment, options), environment);
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

class OwnStore implements EditableCatalogue {
  private readonly store: Lsm;
  private readonly environment: Environment;

  constructor(store: Lsm, environment: Environment) {
    this.store = store;
    this.environment = environment;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.store.getSync(key);
  }

  entries(range: EntryRange = {}): Iterable<LiveEntry> {
    return this.store.entries(range);
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

  put(key: Uint8Array, value: Uint8Array, sync: boolean): Promise<void> {
    return this.store.put(key, value, { sync });
  }

  delete(key: Uint8Array, sync: boolean): Promise<void> {
    return this.store.delete(key, { sync });
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

  copyFrom(source: Pick<Catalogue, 'entries'>, watch: Watch = {}): Promise<number> {
    const { scheduler } = this.environment;
    return copyEntries(() => source.entries(), new EngineTarget(this.store), scheduler, watch);
  }

  flush(): Promise<void> {
    return this.store.flush();
  }

  async compact(watch: Watch = {}): Promise<void> {
    await this.store.compactRange({}, watch);
    await this.store.waitForIdle();
  }

  waitForIdle(): Promise<void> {
    return this.store.waitForIdle();
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
