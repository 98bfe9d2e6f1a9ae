// How a RocksDB tree came to be: its manifest, told edit by edit, joined with what LOG says of the
// same jobs: why, when, how long. What an edit was for is seen from it: a flush adds a table and
// lets logs go, a compaction takes tables and gives others, a trivial move takes and gives the
// same.
//
// A manifest is begun anew at each start of RocksDB: the history reaches back to the last start.

import type {
  JobId,
  LevelTarget,
  LsmEventBody,
  PlacedTable,
  TableInfo,
} from '../../protocol/events.ts';
import { passEdits } from '../passEdits.ts';
import type { OnProgress } from '../readingProgress.ts';
import type { PastEvent } from '../storeReader.ts';
import type { InfoLog, LoggedJob } from './infoLog.ts';
import type { InfoLogFiles } from '../infoLogFiles.ts';
import type { Dialect } from './dialect.ts';
import { levelCountOf, strategyOf } from './levelTargets.ts';
import type { LevelFigures } from './levelTargets.ts';
import { ManifestBefore } from './manifestBefore.ts';
import type { FamilyVersion, ManifestRecord, RocksdbManifest } from './manifest.ts';
import type { RocksdbTable } from './newFile.ts';
import type { OptionSection } from './optionsFile.ts';
import { compactionEvents, flushEvents } from './pastJobs.ts';
import { PastStalls } from './pastStalls.ts';
import { ToldRuns } from './toldRuns.ts';
import type { RocksdbEdit } from './versionEdit.ts';

/** What the history needs to know beyond the manifest. */
export interface HistoryWorld {
  readonly infoLog: InfoLogFiles<InfoLog>;
  /** A table as far as it is known without opening it. */
  readonly infoOf: (level: number, table: RocksdbTable) => TableInfo;
  readonly optionsOf: (family: FamilyVersion) => OptionSection;
  readonly targetsOf: Dialect['targetsOf'];
}

/** The events of a manifest's edits, oldest first. */
export class RocksdbHistory {
  private readonly manifest: RocksdbManifest;
  private readonly world: HistoryWorld;
  private readonly stalls = new Map<FamilyVersion, PastStalls>();
  private readonly before: ManifestBefore | undefined;
  private readonly runs: ToldRuns;
  private lastJob: JobId = 0;

  /**
   * @param manifest stands at its beginning; the history alone reads it from here on.
   * @param before the manifest that was told before: what the new one begins with is told as far as
   * it differs.
   */
  constructor(
    manifest: RocksdbManifest,
    world: HistoryWorld,
    before?: RocksdbManifest,
    runs: ToldRuns = new ToldRuns(),
  ) {
    this.manifest = manifest;
    this.world = world;
    this.before = before === undefined ? undefined : new ManifestBefore(before);
    this.runs = runs;
  }

  /** The events of edits not told yet; may be asked again when the manifest has grown. */
  *next(): Generator<PastEvent> {
    const { manifest } = this;
    const snapshot: ManifestRecord[] = [];
    for (let record = manifest.next(); record !== undefined; record = manifest.next()) {
      if (record.isSnapshot && this.before !== undefined) {
        snapshot.push(record);
        continue;
      }
      yield* this.tellAll(this.before?.differences(snapshot.splice(0)) ?? []);
      yield* this.tellAll([record]);
    }
    yield* this.tellAll(this.before?.differences(snapshot) ?? []);
    for (const stalls of this.stalls.values()) yield* stalls.rest();
  }

  private *tellAll(records: readonly ManifestRecord[]): Generator<PastEvent> {
    for (const record of records) {
      const stalls = this.stallsOf(record.family);
      for (const event of this.tell(record)) {
        if (stalls !== undefined) yield* stalls.before(event.timeMicros);
        yield event;
      }
      if (record.edit.familyDropped && record.family !== undefined) {
        this.stalls.delete(record.family);
      }
    }
  }

  /** Tells the next edits as one for each family: the tables that they came to. */
  *sumUp(edits: number, onProgress?: OnProgress): Generator<PastEvent> {
    const { manifest, world } = this;
    passEdits(manifest, edits, onProgress);
    for (const family of manifest.families.values()) {
      if (family.id > 0) yield untimed(this.creation(family));
      const placed = family.levels.flatMap((tables, level) =>
        [...tables.values()].map((table) => ({ level, table: world.infoOf(level, table) })),
      );
      const { sizeBytes } = manifest;
      yield untimed(this.editEvent({ edit: { removed: [] }, sizeBytes }, family, placed, 0));
    }
  }

  /** The next edits belong to another manifest. */
  goOnWith(manifest: RocksdbManifest): RocksdbHistory {
    const next = new RocksdbHistory(manifest, this.world, this.manifest, this.runs);
    next.lastJob = this.lastJob;
    return next;
  }

  /** The first edit is told otherwise. */
  passFirst(): void {
    this.manifest.next();
  }

  private *tell(record: ManifestRecord): Generator<PastEvent> {
    const { family, edit } = record;
    if (family === undefined) return;
    if (edit.familyAdded !== undefined) yield untimed(this.creation(family));
    const placed = edit.added.map(({ level, table }) => ({
      level,
      table: this.world.infoOf(level, family.levels[level]?.get(table.number) ?? table),
    }));
    const job = this.jobOf(record, placed);
    const madeMicros = Math.max(0, ...placed.map(({ table }) => table.createdMicros));
    const timeMicros = Math.max(job?.endedMicros ?? 0, madeMicros);
    yield* this.eventsOf(record, family, placed, job, timeMicros);
    if (edit.familyDropped) {
      yield untimed({ kind: 'family.drop', family: family.id, name: family.name });
    }
  }

  /** What the edit was for; the first ones hold everything and were for nothing. */
  private *eventsOf(
    record: ManifestRecord,
    family: FamilyVersion,
    placed: readonly PlacedTable[],
    job: LoggedJob | undefined,
    timeMicros: number,
  ): Generator<PastEvent> {
    const { edit, isSnapshot } = record;
    const isCompaction = !isSnapshot && edit.removed.length > 0;
    const isFlush =
      !isSnapshot && !isCompaction && placed.length > 0 && edit.logNumber !== undefined;
    const number = isCompaction || isFlush ? ++this.lastJob : 0;
    const past = {
      job: number,
      family: family.id,
      placed,
      removed: edit.removed,
      logged: job ?? {},
      timeMicros,
      strategy: strategyOf(this.world.optionsOf(family)),
      edit: this.editEvent(record, family, placed, number),
    };
    if (isFlush) yield* flushEvents(past);
    else if (isCompaction) yield* compactionEvents(past);
    else yield { body: past.edit, timeMicros };
  }

  private jobOf(
    { edit, isSnapshot }: ManifestRecord,
    placed: readonly PlacedTable[],
  ): LoggedJob | undefined {
    const { log } = this.world.infoLog;
    if (isSnapshot) return undefined;
    const removed = edit.removed.map(({ number }) => number);
    const isMove = placed.some(({ table }) => removed.includes(table.file));
    if (isMove) return undefined;
    for (const { table } of placed) {
      const made = log.tables.get(table.file);
      if (made !== undefined) return made.job;
    }
    return removed.map((file) => log.compactionOf.get(file)).find((job) => job !== undefined);
  }

  private creation(family: FamilyVersion): LsmEventBody {
    return {
      kind: 'family.create',
      family: family.id,
      name: family.name,
      memtable: { memtable: 0, capacityBytes: 0 },
      levels: this.targets({ ...family, levels: [], levelBytes: [] }),
    };
  }

  private editEvent(
    {
      edit,
      sizeBytes,
    }: Pick<ManifestRecord, 'sizeBytes'> & {
      readonly edit: Pick<RocksdbEdit, 'removed'>;
    },
    family: FamilyVersion,
    added: readonly PlacedTable[],
    job: JobId,
  ): ManifestEdit {
    const { manifest, world } = this;
    const moved = this.runs.movedBy(family, added).map((table) => world.infoOf(0, table));
    return {
      kind: 'manifest.edit',
      family: family.id,
      job,
      manifest: manifest.name,
      sizeBytes,
      added: [...added, ...moved.map((table) => ({ level: 0, table }))],
      removed: [
        ...edit.removed.map(({ level, number }) => ({ level, file: number })),
        ...moved.map(({ file }) => ({ level: 0, file })),
      ],
      flushedMemtable: 0,
      oldestWal: manifest.oldestLog,
      nextFile: manifest.nextFile,
      lastSequence: manifest.lastSequence,
      syncMicros: 0,
      levels: this.targets(family),
    };
  }

  private targets(family: FamilyVersion): LevelTarget[] {
    const { optionsOf, targetsOf } = this.world;
    const options = optionsOf(family);
    return targetsOf(levelFigures(family, levelCountOf(options)), options);
  }

  private stallsOf(family: FamilyVersion | undefined): PastStalls | undefined {
    if (family === undefined) return undefined;
    const known = this.stalls.get(family);
    if (known !== undefined) return known;
    const { infoLog, optionsOf } = this.world;
    const added = new PastStalls(infoLog.log.stalls, family, optionsOf(family));
    this.stalls.set(family, added);
    return added;
  }
}

export type ManifestEdit = Extract<LsmEventBody, { readonly kind: 'manifest.edit' }>;

/** Tables and bytes of every level, of those without a table too. */
export function levelFigures(
  { levels, levelBytes }: FamilyVersion,
  levelCount: number,
): LevelFigures[] {
  return Array.from({ length: Math.max(levelCount, levels.length) }, (_, level) => {
    const sublevels = level === 0 ? sublevelCount(levels[0]) : undefined;
    return { tables: levels[level]?.size ?? 0, sizeBytes: levelBytes[level] ?? 0, sublevels };
  });
}

/** `undefined` where level 0 is not divided. */
function sublevelCount(top: FamilyVersion['levels'][number] = new Map()): number | undefined {
  let count = 0;
  for (const { sublevel } of top.values()) {
    if (sublevel === undefined) return undefined;
    count = Math.max(count, sublevel + 1);
  }
  return count;
}

function untimed(body: LsmEventBody): PastEvent {
  return { body, timeMicros: 0 };
}
