// Checks every byte of a table, and that its parts agree with each other:
//
// - footer, filter, index, range deletes and properties: checksums, bounds, and that the parts join
//   without gaps;
// - each data block: checksum, structure, restarts, kinds;
// - entries: in order, across blocks too, and inside what separators and properties say;
// - the filter: no key of the table is denied by it.
//
// Content never makes it throw: what is wrong is listed, and what can still be checked is.

import { compareBytes, equalBytes } from '../../base/bytes.ts';
import { corruption, LsmError } from '../../base/errors.ts';
import { hash64 } from '../../base/hash.ts';
import type { TableInfo } from '../../protocol/events.ts';
import type { Problem } from '../../protocol/treeState.ts';
import type { ReadableFile } from '../cache/openFiles.ts';
import { hasValue, isEntryKind } from '../entryKind.ts';
import type { Entry } from '../iterator/entry.ts';
import { boundsWith } from '../rangeDelete/rangeTombstone.ts';
import { BlockIterator } from './blockIterator.ts';
import { BLOCK_TRAILER_BYTES } from './blockTrailer.ts';
import type { DataBlock } from './dataBlock.ts';
import { EntryHeader } from './entryHeader.ts';
import { FILTER_SEED, PREFIX_SEED } from './filter.ts';
import { prefixLength } from './prefixExtractor.ts';
import { PartitionedIndex } from './partitionedIndex.ts';
import { ReadAhead } from './readAhead.ts';
import type { ReadContext } from './readContext.ts';
import { TableReader } from './tableReader.ts';
import { TableSummary } from './tableSummary.ts';

/**
 * Verifies a table, a data block at each step, so that the caller can show progress and stop.
 * Yields the bytes checked since the last step; returns the problems found. Closes the handle.
 */
export function* verifyTable(
  handle: ReadableFile,
  name: string,
  expected: TableInfo | undefined,
  context: ReadContext,
): Generator<number, Problem[]> {
  let reader: TableReader;
  try {
    reader = TableReader.open(handle, name, expected, context);
  } catch (thrown) {
    return [problemOf(thrown, name)];
  }
  try {
    const damaged = damagedPartition(reader);
    if (damaged !== undefined) return [damaged];
    const check = new TableCheck(reader);
    const { index, footer } = reader;
    yield footer.fileSizeBytes - index.offsetOf(index.blockCount);
    for (let block = 0; block < index.blockCount; block++) {
      check.block(block);
      yield index.sizeOf(block) + BLOCK_TRAILER_BYTES;
    }
    check.totals();
    return check.problems;
  } finally {
    reader.close();
  }
}

/** What is wrong with the first damaged part of an index in two levels: no block is found then. */
function damagedPartition({ index, name }: TableReader): Problem | undefined {
  if (!(index instanceof PartitionedIndex)) return undefined;
  try {
    for (let part = 0; part < index.top.blockCount; part++) index.partition(part);
    return undefined;
  } catch (thrown) {
    return problemOf(thrown, name);
  }
}

/** One pass over a table's entries. */
class TableCheck {
  readonly problems: Problem[] = [];
  private readonly reader: TableReader;
  private readonly iterator = new BlockIterator();
  private readonly ahead = new ReadAhead();
  private readonly summary = new TableSummary();
  private readonly hash = new Uint32Array(2);
  private firstKey: Uint8Array | undefined;
  private lastKey: Uint8Array | undefined;
  private lastSequence = 0;
  private rawDataSizeBytes = 0;
  private whole = true;

  constructor(reader: TableReader) {
    this.reader = reader;
  }

  /** Checks one data block; a damaged one is reported and passed over. */
  block(block: number): void {
    try {
      const data = this.reader.loadDataBlock(block, this.ahead);
      checkStructure(data);
      this.rawDataSizeBytes += data.bytes.length;
      this.iterator.open(data);
      for (this.iterator.first(); this.iterator.valid; this.iterator.next()) {
        this.entry(this.iterator.entry, block);
      }
      this.checkSeparator(block);
    } catch (thrown) {
      this.problems.push(problemOf(thrown, this.reader.name));
      this.whole = false;
      this.lastKey = undefined;
    }
  }

  /** Checks the properties' figures, once every block was read. */
  totals(): void {
    if (!this.whole) return;
    const { reader, summary, rawDataSizeBytes } = this;
    const { givenSequence } = reader;
    const properties =
      givenSequence === 0
        ? reader.properties
        : {
            ...reader.properties,
            smallestSequence: givenSequence,
            largestSequence: givenSequence,
          };
    for (const tombstone of reader.rangeTombstones) summary.addRangeTombstone(tombstone);
    for (const [name, counted] of Object.entries({ ...summary.figures(), rawDataSizeBytes })) {
      const stated = properties[name as keyof typeof properties];
      if (stated === counted) continue;
      this.report(`property ${name} is ${String(stated)}, the entries give ${counted}`);
    }
    const { firstKey: smallestKey, lastKey: largestKey } = this;
    const noEntries = smallestKey === undefined || largestKey === undefined;
    const points = noEntries ? undefined : { smallestKey, largestKey };
    const bounds = boundsWith(points, reader.rangeTombstones)!;
    if (!equalBytes(bounds.smallestKey, properties.smallestKey)) {
      this.report('the smallest key is not the one in the properties');
    }
    if (!equalBytes(bounds.largestKey, properties.largestKey)) {
      this.report('the largest key is not the one in the properties');
    }
  }

  private entry(entry: Entry, block: number): void {
    const { filter, name, index } = this.reader;
    const key = entry.copyKey();
    const order = this.lastKey === undefined ? -1 : compareBytes(this.lastKey, key);
    const ascends = order < 0 || (order === 0 && entry.sequence < this.lastSequence);
    if (!ascends) {
      throw corruption('the entries of a data block are not in order', name, index.offsetOf(block));
    }
    const newKey = this.summary.entries === 0 || order !== 0;
    this.firstKey ??= key;
    this.lastKey = key;
    this.lastSequence = entry.sequence;
    this.summary.add(entry, newKey);
    hash64(key, 0, key.length, FILTER_SEED, this.hash);
    if (newKey && filter !== undefined && !filter.mayContain(this.hash, null)) {
      const { offset } = this.reader.footer.filter;
      throw corruption('the filter denies a key that the table holds', name, offset);
    }
    if (newKey) this.checkPrefix(key);
    this.checkAfterSeparator(entry, key, block);
  }

  /** The filter must know the prefix of every key that has one. */
  private checkPrefix(key: Uint8Array): void {
    const { filter, prefixExtractor, name, footer } = this.reader;
    if (filter === undefined || prefixExtractor === null) return;
    const length = prefixLength(prefixExtractor, key, 0, key.length);
    if (length === 0) return;
    hash64(key, 0, length, PREFIX_SEED, this.hash);
    if (filter.mayContain(this.hash, null)) return;
    const message = 'the filter denies the prefix of a key that the table holds';
    throw corruption(message, name, footer.filter.offset);
  }

  /** The first entries of a block must lie behind the separator before it. */
  private checkAfterSeparator(entry: Entry, key: Uint8Array, block: number): void {
    if (block === 0 || this.iterator.index !== 0) return;
    const { index, name } = this.reader;
    const separator = index.separator(block - 1);
    const order = compareBytes(separator.key, key) || entry.sequence - separator.sequence;
    if (order < 0) return;
    throw corruption('a data block begins before its separator', name, index.offsetOf(block));
  }

  /** The last entry of a block must not lie behind its own separator. */
  private checkSeparator(block: number): void {
    const { index, name } = this.reader;
    const separator = index.separator(block);
    const order =
      compareBytes(this.lastKey!, separator.key) || separator.sequence - this.lastSequence;
    if (order <= 0) return;
    throw corruption('a data block ends behind its separator', name, index.offsetOf(block));
  }

  private report(message: string): void {
    const { reader } = this;
    const { offset } = reader.footer.properties;
    this.problems.push(problemOf(corruption(message, reader.name, offset), reader.name));
  }
}

/**
 * Checks what walking over a block takes for granted: restarts, kinds, and that nothing is left
 * over.
 */
export function checkStructure(block: DataBlock): void {
  const header = new EntryHeader();
  let position = 0;
  for (let entry = 0; entry < block.entryCount; entry++) {
    if (position >= block.entriesEnd) {
      throw block.damage(position, `a data block ends after ${entry} entries`);
    }
    header.decode(block, position);
    if (entry % block.restartInterval === 0) {
      const restart = entry / block.restartInterval;
      if (block.restartOffset(restart) !== position || header.shared !== 0) {
        throw block.damage(position, `restart ${restart} does not begin here`);
      }
    }
    const kind = block.kindOf(entry);
    if (!isEntryKind(kind)) throw block.damage(position, `an entry has kind ${kind}`);
    if (header.valueLength > 0 && !hasValue(kind)) {
      throw block.damage(position, `an entry of kind ${kind} has a value`);
    }
    position = header.end;
  }
  if (position !== block.entriesEnd) {
    throw block.damage(position, 'bytes between the entries and the tags of a data block');
  }
}

function problemOf(thrown: unknown, name: string): Problem {
  if (!(thrown instanceof LsmError)) throw thrown;
  const { code, message, file, offset } = thrown;
  return { code, message, file: file ?? name, offset: offset ?? -1 };
}
