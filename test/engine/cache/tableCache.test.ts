// Open tables: found by number, dropped with their blocks, with never more files open than allowed.

import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { LsmError } from '../../../src/base/errors.ts';
import type { MemoryVfs } from '../../../src/base/memoryVfs.ts';
import type { OpenMode, VfsFile } from '../../../src/base/vfs.ts';
import { OpenFiles } from '../../../src/engine/cache/openFiles.ts';
import { TableCache } from '../../../src/engine/cache/tableCache.ts';
import type { TableInfo } from '../../../src/protocol/events.ts';
import { modelOf } from '../modelEntries.ts';
import { DIRECTORY, newContext, newDisk, writeTable } from '../table/builtTable.ts';

const reads = { operation: 0, useCache: true, fillCache: true };

/** Counts the files that are open. */
function countOpen(disk: MemoryVfs): { open: number; opened: number } {
  const count = { open: 0, opened: 0 };
  const open = disk.open.bind(disk);
  disk.open = (path: string, mode: OpenMode): VfsFile => {
    const file = open(path, mode);
    count.open++;
    count.opened++;
    const close = file.close.bind(file);
    let closed = false;
    file.close = () => {
      if (!closed) count.open--;
      closed = true;
      close();
    };
    return file;
  };
  return count;
}

async function tenTables(disk: MemoryVfs): Promise<TableInfo[]> {
  const tables: TableInfo[] = [];
  for (let file = 1; file <= 10; file++) {
    const entry = {
      key: encodeUtf8(`k${file}`),
      sequence: file,
      kind: 1,
      timestampMicros: 0,
      value: encodeUtf8(`v${file}`),
    };
    tables.push(await writeTable(disk, file, [entry]));
  }
  return tables;
}

describe('the table cache', () => {
  test('reads every table with fewer files open than there are tables', async () => {
    const disk = newDisk();
    const tables = await tenTables(disk);
    const count = countOpen(disk);
    const cache = new TableCache(disk, DIRECTORY, newContext(0), 3);
    for (let round = 0; round < 3; round++) {
      for (const table of tables) {
        const iterator = cache.reader(table).iterator(reads);
        iterator.first();
        expect(modelOf(iterator.entry).sequence).toBe(table.file);
        expect(count.open).toBeLessThanOrEqual(3);
      }
    }
    expect(cache.openTables).toBe(3);
    const newest = tables.slice(7).map((table) => cache.reader(table).memoryBytes);
    expect(cache.memoryBytes).toBe(newest[0]! + newest[1]! + newest[2]!);
    cache.close();
    expect(count.open).toBe(0);
  });

  test('opens a table once, and closes it with its blocks when it is dropped', async () => {
    const disk = newDisk();
    const [table] = await tenTables(disk);
    const count = countOpen(disk);
    const context = newContext();
    const cache = new TableCache(disk, DIRECTORY, context, 8);
    const reader = cache.reader(table!);
    expect(cache.reader(table!)).toBe(reader);
    reader.dataBlock(0, reads, null);
    expect(context.cache.blockCount).toBe(1);
    cache.drop(table!.file);
    expect([count.open, count.opened, context.cache.blockCount, cache.openTables]).toEqual([
      0, 1, 0, 0,
    ]);
  });

  test('lets an iterator go on in a table that had to give way', async () => {
    const disk = newDisk();
    const tables = await tenTables(disk);
    const count = countOpen(disk);
    const cache = new TableCache(disk, DIRECTORY, newContext(0), 2);
    const iterators = tables.map((table) => cache.reader(table).iterator(reads));
    for (let round = 0; round < 2; round++) {
      for (const [index, iterator] of iterators.entries()) {
        iterator.first();
        expect(modelOf(iterator.entry).sequence).toBe(index + 1);
        iterator.close();
        expect(count.open).toBeLessThanOrEqual(2);
      }
    }
    // What an iterator opened again is closed with its table, which may be deleted then.
    for (const { file } of tables) cache.drop(file);
    expect([count.open, cache.openTables]).toEqual([0, 0]);
  });

  test('keeps open what is used', async () => {
    const disk = newDisk();
    const tables = await tenTables(disk);
    const count = countOpen(disk);
    const cache = new TableCache(disk, DIRECTORY, newContext(0), 3);
    const [hot] = tables;
    const reader = cache.reader(hot!);
    for (const table of tables) {
      cache.reader(table);
      expect(cache.reader(hot!)).toBe(reader);
    }
    expect(count.opened).toBe(10);
  });

  test('leaves nothing open when a table cannot be opened', async () => {
    const disk = newDisk();
    const [table] = await tenTables(disk);
    const file = disk.open(`${DIRECTORY}/${table!.name}`, 'write');
    file.truncate(20);
    file.close();
    const count = countOpen(disk);
    const cache = new TableCache(disk, DIRECTORY, newContext(), 8);
    expect(() => cache.reader(table!)).toThrow(LsmError);
    expect([count.open, cache.openTables]).toEqual([0, 0]);
  });
});

test('open files closes the one unused for longest', async () => {
  const disk = newDisk();
  const tables = await tenTables(disk);
  const count = countOpen(disk);
  const files = new OpenFiles(disk, 2);
  const [first, second, third] = tables.map((table) =>
    files.openForReading(`${DIRECTORY}/${table.name}`),
  );
  expect(files.openCount).toBe(2);
  const byte = new Uint8Array(1);
  third!.read(byte, 0, 1, 0);
  first!.read(byte, 0, 1, 0);
  const opened = count.opened;
  first!.read(byte, 0, 1, 0);
  expect(count.opened).toBe(opened);
  second!.read(byte, 0, 1, 0);
  expect([count.opened, files.openCount]).toEqual([opened + 1, 2]);
  first!.read(byte, 0, 1, 0);
  expect(count.opened).toBe(opened + 1);
});
