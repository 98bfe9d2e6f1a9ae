// Another engine's directory as a catalogue, for the command line.

import { encodeHex } from '../../base/bytes.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import type { StoreStats } from '../../protocol/storeStats.ts';
import type { Problem } from '../../protocol/treeState.ts';
import type { FamilyReader, LiveRangeKey, StoreReader } from '../../readers/storeReader.ts';
import type {
  Catalogue,
  EntryRange,
  Inspection,
  KeySpace,
  LiveEntry,
  Verification,
  Watch,
} from '../catalogue.ts';
import { noColumnFamily } from '../columnFamilies.ts';
import { inspectionOf } from '../inspection.ts';
import { ReadSteps } from '../readSteps.ts';
import type { StepListener } from '../readSteps.ts';
import { countTables } from './countTables.ts';
import { foreignStats } from './foreignStats.ts';

/** Reads through a reader of the directory. */
export class ForeignCatalogue implements Catalogue {
  private readonly reader: StoreReader;
  private readonly scheduler: Scheduler;
  private readonly steps = new ReadSteps();

  constructor(reader: StoreReader, scheduler: Scheduler) {
    this.reader = reader;
    this.scheduler = scheduler;
  }

  get hasOrder(): boolean {
    return this.reader.hasOrder;
  }

  get(key: Uint8Array, onStep?: StepListener): Uint8Array | undefined {
    return this.getOf(this.reader, key, onStep);
  }

  entries(range: EntryRange = {}): Iterable<LiveEntry> {
    return this.reader.entries(range);
  }

  problems(): readonly Problem[] {
    return this.reader.problems();
  }

  get columnFamilies(): readonly string[] {
    return this.reader.describe().families.map(({ name }) => name);
  }

  columnFamily(name: string): KeySpace {
    const family = this.reader.family(name);
    if (family === undefined) throw noColumnFamily(name, this.reader.describe().families);
    return {
      hasOrder: family.hasOrder,
      get: (key, onStep) => this.getOf(family, key, onStep),
      entries: (range = {}) => family.entries(range),
    };
  }

  get comparator(): string {
    return this.reader.describe().store.comparator;
  }

  rangeKeys(range: EntryRange = {}): readonly LiveRangeKey[] {
    return this.reader.rangeKeys(range);
  }

  rangeKeyMask(asOf: Uint8Array): (key: Uint8Array) => boolean {
    return this.reader.rangeKeyMask(asOf);
  }

  async inspect(watch: Watch = {}): Promise<Inspection> {
    // Only then is it known what is wrong with the tables.
    await countTables(this.reader, this.scheduler, watch);
    const rangeKeys = this.reader.rangeKeys().map(({ from, to, suffix, value, sequence }) => ({
      ...{ fromHex: encodeHex(from), toHex: encodeHex(to), suffixHex: encodeHex(suffix) },
      ...{ valueHex: encodeHex(value), sequence },
    }));
    const inspection = inspectionOf(this.reader.describe());
    return rangeKeys.length === 0 ? inspection : { ...inspection, rangeKeys };
  }

  async stats(watch: Watch = {}): Promise<StoreStats> {
    const tables = await countTables(this.reader, this.scheduler, watch);
    return foreignStats(this.reader.describe(), tables);
  }

  async close(): Promise<void> {
    this.reader.close();
  }

  private getOf(
    family: FamilyReader,
    key: Uint8Array,
    onStep: StepListener | undefined,
  ): Uint8Array | undefined {
    const telling = onStep === undefined ? undefined : { sink: this.steps, operation: 1 };
    return this.steps.during(onStep, () => family.get(key, telling));
  }
}

/** Reads everything that is alive in a foreign directory, and says what is wrong with it. */
export async function checkForeign(
  reader: StoreReader,
  turn: () => Promise<void>,
  { onProgress, signal }: Watch,
): Promise<Verification> {
  let bytesChecked = 0;
  for (const { bytesDone, bytesTotal } of reader.check()) {
    bytesChecked = bytesDone;
    onProgress?.({ done: bytesDone, total: bytesTotal, unit: 'bytes', message: 'tables' });
    await turn();
    if (signal?.aborted === true) break;
  }
  const problems = reader.problems();
  return { ok: problems.length === 0, bytesChecked, problems };
}
