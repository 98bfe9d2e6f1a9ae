// What can still be read of the log: each segment's records up to its first damage, put back into
// memtables. Behind a damaged record nothing is taken over: a hole in the middle would show later
// writes without the earlier ones.
//
// What was flushed is left out when all tables are whole: a removal that was ingested, and that a
// merge has dropped with what it hid, is in no log. A damaged table may have lost what the log
// has: then all of it is taken over but for merge operands; a merge may have made a value of them,
// onto which they would be merged again.

import type { Environment } from '../../base/environment.ts';
import { Random } from '../../base/random.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import { batchSizeBytesMax } from '../memtable/arena.ts';
import { KIND_MERGE } from '../entryKind.ts';
import { Memtable } from '../memtable/memtable.ts';
import { WalReader } from '../wal/walReader.ts';
import { messageOf } from './damagedStore.ts';
import type { DamagedFile } from './damagedStore.ts';
import type { RepairedFile } from './repairReport.ts';

/** Reads segments, oldest first, into memtables. */
export class LogSalvage {
  /** By column family; in each the newest last. */
  readonly memtables: Map<number, Memtable[]> = new Map();
  lastSequence: SequenceNumber = 0;
  /** Nothing of what was flushed is lost. */
  tablesAreWhole = false;
  private readonly environment: Environment;
  private readonly directory: string;
  private readonly memtableSize: number;
  private readonly flushedOf: (family: number) => SequenceNumber;
  private readonly random: Random;
  private lastId = 0;

  /** @param flushedOf up to where a family's entries are in its tables; 0 when nobody knows. */
  constructor(
    environment: Environment,
    directory: string,
    memtableSize: number,
    flushedOf: (family: number) => SequenceNumber,
  ) {
    this.environment = environment;
    this.directory = directory;
    this.memtableSize = memtableSize;
    this.flushedOf = flushedOf;
    this.random = new Random(environment.seed);
  }

  /**
   * Takes over what a segment holds.
   * @param mayLackEnd a crash may have left it without its end.
   */
  segment({ name, number }: DamagedFile, mayLackEnd: boolean): RepairedFile {
    const { vfs } = this.environment;
    let entries = 0;
    let detail = '';
    const file = vfs.open(vfs.join(this.directory, name), 'read');
    try {
      const wal = new WalReader(file, number, mayLackEnd);
      while (wal.next()) entries += this.takeGroup(wal);
      const { verdict, reason, stopOffset } = wal.outcome;
      if (verdict !== 'whole') detail = `${reason}; nothing behind byte ${stopOffset} was taken`;
      // An end that a crash tore off was never acknowledged as durable.
      if (verdict === 'torn') return { name, verdict: 'whole', entries, detail };
    } catch (thrown) {
      detail = messageOf(thrown);
    } finally {
      file.close();
    }
    if (detail === '') return { name, verdict: 'whole', entries, detail };
    return { name, verdict: entries > 0 ? 'partly' : 'lost', entries, detail };
  }

  private takeGroup(wal: WalReader): number {
    // A copy of an older segment under a later name.
    if (wal.firstSequence <= this.lastSequence) return 0;
    const { cursor, log } = wal;
    const neededBytes = batchSizeBytesMax(wal.entryCount, log.payloadEnd - log.payloadStart);
    for (let sequence = wal.firstSequence; cursor.next(); sequence++) {
      const { kind, family } = cursor;
      const mayBeLost = kind !== KIND_MERGE && !this.tablesAreWhole;
      if (!mayBeLost && sequence <= this.flushedOf(family)) continue;
      this.memtableFor(family, neededBytes).insert(cursor, sequence, wal.timestampMicros);
    }
    this.lastSequence = wal.lastSequence;
    return wal.entryCount;
  }

  private memtableFor(family: number, neededBytes: number): Memtable {
    const own = this.memtables.get(family) ?? [];
    this.memtables.set(family, own);
    const newest = own.at(-1);
    if (newest !== undefined && !newest.isFull && newest.fits(neededBytes)) return newest;
    const memtable = new Memtable({
      id: ++this.lastId,
      family,
      fullAtBytes: this.memtableSize,
      neededBytes,
      random: this.random,
    });
    own.push(memtable);
    return memtable;
  }
}
