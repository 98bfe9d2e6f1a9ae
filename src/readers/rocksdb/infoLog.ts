// What RocksDB's LOG tells of flushes, compactions, tables and stalls (logging/event_logger.cc). It
// is for people, but some lines hold an event as JSON:
//
//   2026/11/22-20:03:25.797871 8898 EVENT_LOG_v1 {"time_micros": 1795377805797859, "job": 2,
//     "event": "flush_started", …}
//   2026/11/22-20:03:26.303957 8898 [WARN] [db/column_family.cc:1001] [default] Stalling writes
//     because we have 4 level-0 files rate 2000000
//
// Numbers of jobs begin anew whenever the store is opened: each file's are kept apart, unless it
// goes on with the session of the one before. Each line is believed only as far as it fits: what
// counts is in the manifest.

import type { InfoLines } from '../infoLogFiles.ts';

/** An event of one job. */
export interface LoggedJob {
  flushReason?: string;
  compactionReason?: string;
  score?: number;
  beganMicros?: number;
  endedMicros?: number;
  inputBytes?: number;
  inputEntries?: number;
  outputEntries?: number;
  durationMicros?: number;
}

/** A table by the line that tells of its creation. */
export interface LoggedTable {
  readonly timeMicros: number;
  readonly job: LoggedJob;
  readonly sizeBytes: number;
  /** `undefined` where the line lacks some: versions of 2018. */
  readonly figures: LoggedFigures | undefined;
}

/** A table's properties, as the line repeats them. */
export interface LoggedFigures {
  readonly entries: number;
  readonly deletions: number;
  readonly rangeDeletions: number;
  readonly rawKeyBytes: number;
  readonly rawValueBytes: number;
  readonly dataBlocks: number;
  readonly indexSizeBytes: number;
  readonly filterSizeBytes: number;
  readonly compression: string;
}

/** Writers were held back, or stopped, because of one limit. */
export interface LoggedStall {
  readonly timeMicros: number;
  /** The column family's name. */
  readonly family: string;
  readonly severity: 'slowdown' | 'stop';
  readonly limit: 'l0-tables' | 'immutable-memtables' | 'pending-bytes';
  readonly value: number;
}

const EVENT = /EVENT_LOG_v1 (\{.*\})\s*$/;
const STALL = /^([\d/]+-[\d:]+\.\d{6}) .*? \[(.*)\] (Stalling|Stopping) writes because (.*)$/;
const SESSION = /DB Session ID:\s+(\S+)/;

/** Everything that LOG files told so far. */
export class InfoLog implements InfoLines {
  readonly tables: Map<number, LoggedTable> = new Map();
  /** By the number of a table that goes into it. */
  readonly compactionOf: Map<number, LoggedJob> = new Map();
  readonly stalls: LoggedStall[] = [];
  private jobs = new Map<number, LoggedJob>();
  private session = '';

  beginFile(): void {
    this.jobs = new Map();
  }

  take(lines: string): void {
    for (const line of lines.split('\n')) this.takeLine(line);
  }

  private takeLine(line: string): void {
    // Most lines are none of these: a pattern tried on each would take longer than all the rest.
    if (line.includes('EVENT_LOG_v1')) {
      const event = EVENT.exec(line)?.[1];
      const fields = event === undefined ? undefined : parseFields(event);
      if (fields !== undefined) this.takeEvent(fields);
    } else if (line.includes('writes because')) {
      const stall = STALL.exec(line);
      if (stall !== null) this.takeStall(stall);
    } else if (line.includes('DB Session ID')) {
      const session = SESSION.exec(line)?.[1];
      if (session === undefined || session === this.session) return;
      this.jobs = new Map();
      this.session = session;
    }
  }

  private takeEvent(fields: Fields): void {
    const timeMicros = numberOf(fields, 'time_micros');
    const job = this.jobOf(numberOf(fields, 'job'));
    switch (fields['event']) {
      case 'flush_started':
        job.flushReason = textOf(fields, 'flush_reason');
        job.beganMicros = timeMicros;
        return;
      case 'compaction_started':
        this.takeCompaction(fields, job, timeMicros);
        return;
      case 'flush_finished':
      case 'compaction_finished':
        job.endedMicros = timeMicros;
        job.inputEntries = numberOf(fields, 'num_input_records');
        job.outputEntries = numberOf(fields, 'num_output_records');
        job.durationMicros =
          numberOf(fields, 'compaction_time_micros') ||
          Math.max(0, timeMicros - (job.beganMicros ?? timeMicros));
        return;
      case 'table_file_creation':
        this.tables.set(numberOf(fields, 'file_number'), {
          timeMicros,
          job,
          sizeBytes: numberOf(fields, 'file_size'),
          figures: figuresOf(fields['table_properties']),
        });
    }
  }

  private takeCompaction(fields: Fields, job: LoggedJob, timeMicros: number): void {
    job.compactionReason = textOf(fields, 'compaction_reason');
    job.score = numberOf(fields, 'score');
    job.inputBytes = numberOf(fields, 'input_data_size');
    job.beganMicros = timeMicros;
    for (const [name, files] of Object.entries(fields)) {
      if (!/^files_L\d+$/.test(name) || !Array.isArray(files)) continue;
      for (const file of files) if (typeof file === 'number') this.compactionOf.set(file, job);
    }
  }

  private takeStall(parts: RegExpExecArray): void {
    const [, time, before = '', verb, reason = ''] = parts;
    // Behind where in the source it was written, when that is told.
    const family = before.split('] [').at(-1)!;
    const [year = 0, month = 1, day, hour, minute, second, micros = 0] = time!
      .split(/\D/)
      .map(Number);
    const timeMicros = Date.UTC(year, month - 1, day, hour, minute, second) * 1000 + micros;
    const value = Number(/\d+/.exec(reason)?.[0] ?? 0);
    const severity = verb === 'Stopping' ? 'stop' : 'slowdown';
    this.stalls.push({ timeMicros, family, severity, limit: limitOf(reason), value });
  }

  private jobOf(number: number): LoggedJob {
    const known = this.jobs.get(number);
    if (known !== undefined) return known;
    const added: LoggedJob = {};
    this.jobs.set(number, added);
    return added;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function parseFields(text: string): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

function figuresOf(properties: unknown): LoggedFigures | undefined {
  const fields = (
    typeof properties === 'object' && properties !== null ? properties : {}
  ) as Fields;
  if (!('num_deletions' in fields && 'num_range_deletions' in fields)) return undefined;
  return {
    entries: numberOf(fields, 'num_entries'),
    deletions: numberOf(fields, 'num_deletions'),
    rangeDeletions: numberOf(fields, 'num_range_deletions'),
    rawKeyBytes: numberOf(fields, 'raw_key_size'),
    rawValueBytes: numberOf(fields, 'raw_value_size'),
    dataBlocks: numberOf(fields, 'num_data_blocks'),
    indexSizeBytes: numberOf(fields, 'index_size'),
    filterSizeBytes: numberOf(fields, 'filter_size'),
    compression: textOf(fields, 'compression'),
  };
}

function limitOf(reason: string): LoggedStall['limit'] {
  if (reason.includes('immutable memtables')) return 'immutable-memtables';
  return reason.includes('level-0 files') ? 'l0-tables' : 'pending-bytes';
}
