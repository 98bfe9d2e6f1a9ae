// Bad bytes: a flipped bit, a cut, a swap. The answer is the right one or a typed error that names
// the file and the place, never wrong data; and verification finds every single one.

import { beforeAll, describe, expect, test } from 'vitest';
import { compareBytes, encodeUtf8, equalBytes } from '../../../src/base/bytes.ts';
import { COMPRESSION_NAMES } from '../../../src/base/compression/blockCodec.ts';
import type { CompressionName } from '../../../src/base/compression/blockCodec.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { hash64 } from '../../../src/base/hash.ts';
import { KIND_DELETE, KIND_PUT } from '../../../src/engine/entryKind.ts';
import { Entry } from '../../../src/engine/iterator/entry.ts';
import { FILTER_SEED } from '../../../src/engine/table/filter.ts';
import { JOB_READS } from '../../../src/engine/table/readContext.ts';
import { recogniseTable } from '../../../src/engine/table/recogniseTable.ts';
import type { TableReader } from '../../../src/engine/table/tableReader.ts';
import { verifyTable } from '../../../src/engine/table/verifyTable.ts';
import type { TableInfo } from '../../../src/protocol/events.ts';
import type { Problem } from '../../../src/protocol/treeState.ts';
import { modelOf } from '../modelEntries.ts';
import type { ModelEntry } from '../modelEntries.ts';
import { DIRECTORY, newContext, newDisk, openTable, writeTable } from './builtTable.ts';

/** 18 keys, some with several versions, in several blocks. */
const entries: ModelEntry[] = [];
for (let number = 0; number < 18; number++) {
  for (let version = number % 3; version >= 0; version--) {
    const dead = number % 5 === 4 && version === 0;
    entries.push({
      key: encodeUtf8(`user:${String(number).padStart(3, '0')}`),
      sequence: 100 + 10 * number + version,
      kind: dead ? KIND_DELETE : KIND_PUT,
      timestampMicros: 1_700_000_000_000_000 + 1000 * number,
      value: encodeUtf8(dead ? '' : `value value value value ${number}.${version}`),
    });
  }
}

let table: TableInfo;
let good: Uint8Array;

async function write(compression: CompressionName, indexPartitionSize: number): Promise<void> {
  const disk = newDisk();
  const shape = { blockSize: 128, compression, indexPartitionSize };
  table = await writeTable(disk, 12, entries, shape);
  good = readWhole(disk.open(`${DIRECTORY}/${table.name}`, 'read'));
}

function readWhole(file: { sizeBytes(): number; read: TableFile['read'] }): Uint8Array {
  const bytes = new Uint8Array(file.sizeBytes());
  file.read(bytes, 0, bytes.length, 0);
  return bytes;
}

type TableFile = Parameters<typeof recogniseTable>[0];

/** A file that holds these bytes. */
function fileOf(bytes: Uint8Array): TableFile {
  const disk = newDisk();
  const file = disk.open(`${DIRECTORY}/any`, 'create');
  file.write(bytes, 0, bytes.length, 0);
  return file;
}

function openBytes(bytes: Uint8Array): TableReader {
  const disk = newDisk();
  const file = disk.open(`${DIRECTORY}/${table.name}`, 'create');
  file.write(bytes, 0, bytes.length, 0);
  return openTable(disk, table);
}

/** Where the data blocks of a sound table begin, the end of the last included, and their sizes. */
function placesOf(bytes: Uint8Array): { offsets: number[]; sizes: number[] } {
  const { index } = openBytes(bytes);
  const offsets = [index.offsetOf(0)];
  const sizes: number[] = [];
  for (let block = 0; block < index.blockCount; block++) {
    offsets.push(index.offsetOf(block + 1));
    sizes.push(index.sizeOf(block));
  }
  return { offsets, sizes };
}

/** The error's code after checking that it says where the damage is; anything else is rethrown. */
function codeOf(action: () => void): string {
  try {
    action();
    return 'fine';
  } catch (thrown) {
    if (!(thrown instanceof LsmError)) throw thrown;
    const { file, offset, message } = thrown;
    const named = file === table.name && offset !== undefined && message.includes(table.name);
    if (!named || offset < 0) throw new Error('the place is not named', { cause: thrown });
    return thrown.code;
  }
}

/** Reads everything in every way and compares with what was written. */
function readAll(reader: TableReader): void {
  const iterator = reader.iterator(JOB_READS);
  let index = 0;
  for (iterator.first(); iterator.valid; iterator.next()) {
    if (!same(modelOf(iterator.entry), entries[index++]!)) throw new Error('wrong data');
  }
  if (index !== entries.length) throw new Error('entries are missing');
  for (iterator.last(); iterator.valid; iterator.prev()) {
    if (!same(modelOf(iterator.entry), entries[--index]!)) throw new Error('wrong data');
  }
}

function getAll(reader: TableReader): string[] {
  const hash = new Uint32Array(2);
  const found = new Entry();
  return entries.map((entry) => {
    hash64(entry.key, 0, entry.key.length, FILTER_SEED, hash);
    return codeOf(() => {
      if (!reader.get(entry.key, hash, entry.sequence, found, null)) throw new Error('lost');
      if (found.sequence !== entry.sequence || !equalBytes(found.copyValue(), entry.value)) {
        throw new Error('wrong data');
      }
    });
  });
}

function same(a: ModelEntry, b: ModelEntry): boolean {
  return (
    compareBytes(a.key, b.key) === 0 &&
    a.sequence === b.sequence &&
    a.kind === b.kind &&
    a.timestampMicros === b.timestampMicros &&
    equalBytes(a.value, b.value)
  );
}

function problemsOf(bytes: Uint8Array): Problem[] {
  const steps = verifyTable(fileOf(bytes), table.name, table, newContext());
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Every compression with an index of one block, and one with an index in parts. */
const SHAPES: readonly (readonly [CompressionName, number])[] = [
  ...COMPRESSION_NAMES.map((name) => [name, 1 << 20] as const),
  ['lz4', 64],
];

describe.each(SHAPES)('a table (%s, index in %i bytes) with damage', (compression, partition) => {
  beforeAll(() => write(compression, partition));

  test('is readable and verified without any', () => {
    const reader = openBytes(good);
    expect(reader.index.blockCount).toBeGreaterThan(3);
    const { index } = reader;
    const blocks = Array.from({ length: index.blockCount }, (_, block) => block);
    const shrunk = blocks.filter((block) => index.sizeOf(block) < index.rawSizeOf(block));
    expect(reader.properties.indexPartitions > 1).toBe(partition === 64);
    expect(shrunk.length > 3).toBe(compression !== 'none');
    readAll(reader);
    expect(new Set(getAll(reader))).toEqual(new Set(['fine']));
    expect(problemsOf(good)).toEqual([]);
    let bytesChecked = 0;
    for (const bytes of verifyTable(fileOf(good), table.name, table, newContext())) {
      bytesChecked += bytes;
    }
    expect(bytesChecked).toBe(good.length);
  });

  test('in any one byte gives the right data or a typed error', () => {
    for (let position = 0; position < good.length; position++) {
      for (const flip of compression === 'none' ? [0x01, 0x80] : [0x01]) {
        const bytes = good.slice();
        bytes[position]! ^= flip;
        let reader: TableReader | undefined;
        const opened = codeOf(() => (reader = openBytes(bytes)));
        const codes = new Set([opened]);
        if (reader !== undefined) {
          codes.add(codeOf(() => readAll(reader!)));
          for (const code of getAll(reader)) codes.add(code);
        }
        codes.delete('fine');
        expect([...codes].every((code) => code === 'CORRUPTION' || code === 'NOT_SUPPORTED')).toBe(
          true,
        );
        expect(codes.size, `byte ${position} flipped by ${flip} went unnoticed`).toBeGreaterThan(0);
      }
    }
  });

  test('in any one byte is found by verification, at the right block', () => {
    const starts = [...placesOf(good).offsets];
    for (let position = 0; position < good.length; position++) {
      const bytes = good.slice();
      bytes[position]! ^= 0x10;
      const problems = problemsOf(bytes);
      expect(problems.length, `byte ${position}`).toBeGreaterThan(0);
      const { offset, file } = problems[0]!;
      expect(file).toBe(table.name);
      // Behind the data blocks one finding stops the rest, so it is the place that is damaged, too.
      const block = starts.findLastIndex((start) => start <= position);
      const start = starts[block]!;
      const end = starts[block + 1] ?? good.length;
      expect(offset).toBeGreaterThanOrEqual(start);
      expect(offset).toBeLessThan(end);
    }
  });

  test('is refused when cut at any length, or when anything is appended', () => {
    for (let length = 0; length < good.length; length++) {
      expect(codeOf(() => openBytes(good.slice(0, length)))).toBe('CORRUPTION');
    }
    expect(codeOf(() => openBytes(new Uint8Array([...good, 0])))).toBe('CORRUPTION');
    expect(codeOf(() => openBytes(new Uint8Array([...good, ...good])))).toBe('CORRUPTION');
  });

  test('is refused when it is another table under this name', async () => {
    const disk = newDisk();
    const other = await writeTable(disk, 13, entries, { blockSize: 128 });
    const bytes = readWhole(disk.open(`${DIRECTORY}/${other.name}`, 'read'));
    expect(codeOf(() => openBytes(bytes))).toBe('CORRUPTION');
    expect(problemsOf(bytes)[0]?.message).toContain('manifest');
  });

  test('shows when two of its blocks change places', () => {
    const { offsets, sizes } = placesOf(good);
    const first = sizes.findIndex((size, block) => sizes.includes(size, block + 1));
    expect(first).toBeGreaterThanOrEqual(0);
    const second = sizes.indexOf(sizes[first]!, first + 1);
    const [left, right] = [first, second].map((block) => {
      return good.slice(offsets[block], offsets[block + 1]);
    });
    const bytes = good.slice();
    bytes.set(right!, offsets[first]);
    bytes.set(left!, offsets[second]);
    expect(() => readAll(openBytes(bytes))).toThrow('checksum');
  });

  test('is not taken for one of a later version when a compression byte flips', () => {
    const { offsets, sizes } = placesOf(good);
    for (const [block, size] of sizes.entries()) {
      const bytes = good.slice();
      bytes[offsets[block]! + size]! ^= 1;
      expect(problemsOf(bytes).map(({ code }) => code)).toEqual(['CORRUPTION']);
    }
  });

  test('of a newer version is named as such', () => {
    expect(recogniseTable(fileOf(good))).toBe(1);
    expect(recogniseTable(fileOf(good.slice(0, -1)))).toBeUndefined();
    expect(recogniseTable(fileOf(new Uint8Array(10)))).toBeUndefined();
  });
});
