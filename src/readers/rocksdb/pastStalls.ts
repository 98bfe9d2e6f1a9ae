// Stalls of the past, from LOG. RocksDB writes a line when it looks at its limits and finds one
// exceeded, and looks after each change of the tree; that a stall is over it does not write. So a
// stall goes on as long as each change brings a line of its own.

import type { PastEvent } from '../storeReader.ts';
import type { LoggedStall } from './infoLog.ts';
import type { FamilyVersion } from './manifest.ts';
import { numberOption } from './optionsFile.ts';
import type { OptionSection } from './optionsFile.ts';

/** The line of a change stands this close to it, microseconds. */
const LINE_OF_CHANGE_MICROS = 20_000;

const LIMITS: Readonly<Record<string, readonly [option: string, otherwise: number]>> = {
  'slowdown l0-tables': ['level0_slowdown_writes_trigger', 20],
  'stop l0-tables': ['level0_stop_writes_trigger', 36],
  'slowdown immutable-memtables': ['max_write_buffer_number', 2],
  'stop immutable-memtables': ['max_write_buffer_number', 2],
  'slowdown pending-bytes': ['soft_pending_compaction_bytes_limit', 64 * 1024 ** 3],
  'stop pending-bytes': ['hard_pending_compaction_bytes_limit', 256 * 1024 ** 3],
};

/** Puts one family's stalls between the events of the manifest. */
export class PastStalls {
  private readonly stalls: readonly LoggedStall[];
  private readonly family: FamilyVersion;
  private readonly options: OptionSection;
  private next = 0;
  private began: LoggedStall | undefined;
  private last: LoggedStall | undefined;

  /** @param stalls of all families, by time; more may be added at the end. */
  constructor(stalls: readonly LoggedStall[], family: FamilyVersion, options: OptionSection) {
    this.stalls = stalls;
    this.family = family;
    this.options = options;
  }

  /** What is to be told before something that the family did then; 0: nobody knows when. */
  *before(timeMicros: number): Generator<PastEvent> {
    if (timeMicros === 0) return;
    let coming = this.peek();
    while (coming !== undefined && coming.timeMicros <= timeMicros) {
      yield* this.begin(coming);
      this.next++;
      coming = this.peek();
    }
    if (this.last === undefined) return;
    if (coming !== undefined && coming.timeMicros - timeMicros < LINE_OF_CHANGE_MICROS) return;
    if (timeMicros - this.last.timeMicros > LINE_OF_CHANGE_MICROS) yield* this.end(timeMicros);
  }

  /** At the end of what is known no stall is left open. */
  *rest(): Generator<PastEvent> {
    if (this.last !== undefined) yield* this.end(this.last.timeMicros);
    this.next = this.stalls.length;
  }

  private peek(): LoggedStall | undefined {
    const { stalls, family } = this;
    while (this.next < stalls.length && stalls[this.next]!.family !== family.name) this.next++;
    return stalls[this.next];
  }

  private *begin(stall: LoggedStall): Generator<PastEvent> {
    const { timeMicros, severity, limit, value } = stall;
    const isSame = this.last?.severity === severity && this.last.limit === limit;
    this.began = isSame ? this.began : stall;
    this.last = stall;
    if (isSame) return;
    const [option, otherwise] = LIMITS[`${severity} ${limit}`]!;
    const limitValue = numberOption(this.options, option, otherwise);
    const family = this.family.id;
    yield { body: { kind: 'stall.begin', family, severity, limit, value, limitValue }, timeMicros };
  }

  private *end(timeMicros: number): Generator<PastEvent> {
    const durationMicros = timeMicros - (this.began?.timeMicros ?? timeMicros);
    this.began = undefined;
    this.last = undefined;
    yield { body: { kind: 'stall.end', family: this.family.id, durationMicros }, timeMicros };
  }
}
