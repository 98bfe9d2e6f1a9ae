// What a LevelDB's LOG says about when things happened (db/db_impl.cc writes it for people). The
// manifest holds no times: a table's line in LOG tells when it was finished.
//
//   2026/11/22-20:10:44.450801 139735558633152 Level-0 table #5: 20041 bytes OK
//   2026/11/22-20:10:44.512345 139735558633152 Generated table #27@1: 516 keys, 40123 bytes
//   2026/11/22-20:10:44.498765 139735558633152 Compacting 4@0 + 1@1 files
//
// Times are local to the machine that wrote them; they are taken for UTC. Lines of another form
// (and goleveldb's LOG, which has its own) are passed over.

import type { InfoLines } from '../infoLogFiles.ts';

const LINE = /^(\d{4})\/(\d\d)\/(\d\d)-(\d\d):(\d\d):(\d\d)\.(\d{6}) \S+ (.*)$/;
const FLUSHED = /^Level-0 table #(\d+): (\d+) bytes OK$/;
const GENERATED = /^Generated table #(\d+)@\d+: (\d+) keys, (\d+) bytes$/;

/** When a table was finished, and whether by a flush or a compaction. */
export interface LoggedTable {
  readonly timeMicros: number;
  readonly madeBy: 'flush' | 'compaction';
}

/** Everything that LOG files told so far. */
export class InfoLog implements InfoLines {
  readonly tables: Map<number, LoggedTable> = new Map();

  beginFile(): void {}

  take(lines: string): void {
    for (const line of lines.split('\n')) if (line.includes(' table #')) this.takeLine(line);
  }

  private takeLine(line: string): void {
    const parts = LINE.exec(line);
    if (parts === null) return;
    const message = parts[8]!;
    const flushed = FLUSHED.exec(message);
    const generated = GENERATED.exec(message);
    const number = flushed?.[1] ?? generated?.[1];
    if (number === undefined) return;
    const madeBy = flushed === null ? 'compaction' : 'flush';
    this.tables.set(Number(number), { timeMicros: microsOf(parts), madeBy });
  }
}

function microsOf(parts: RegExpExecArray): number {
  const [year = 0, month = 1, day, hour, minute, second, micros = 0] = parts
    .slice(1, 8)
    .map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) * 1000 + micros;
}
