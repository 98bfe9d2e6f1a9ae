// Every option of a store has a flag, which keeps the engine's bounds.

import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addStoreOptions, optionsFor } from '../../src/cli/storeOptions.ts';
import type { StoreChoices } from '../../src/cli/storeOptions.ts';
import { DEFAULT_OPTIONS, resolveOptions } from '../../src/engine/options.ts';
import type { WritingOptions } from '../../src/session/openCatalogue.ts';
import { STORE_OPTIONS } from '../../src/session/storeOptionTable.ts';

function parsed(...typed: readonly string[]): WritingOptions {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addStoreOptions(command);
  return optionsFor(command.parse(['node', 'test', ...typed]).opts<StoreChoices>());
}

/** Options that only some commands choose, or that are no words. */
const WITHOUT_FLAG = ['createIfMissing', 'errorIfExists', 'readOnly', 'prefixExtractor'];

describe('flags of a store', () => {
  test('are there for every option', () => {
    const names = STORE_OPTIONS.map(({ name }) => name);
    expect([...names, ...WITHOUT_FLAG].toSorted()).toEqual(Object.keys(DEFAULT_OPTIONS).toSorted());
  });

  test('are named after the options, and take what the engine takes', () => {
    const chosen = parsed(
      ...['--max-l0-sstables', '3', '--wal-sync', 'interval', '--wal-sync-interval-ms', '50'],
      ...['--compression', 'lz4', '--compression-per-level', 'none,zstd', '--workers', '0'],
      ...['--block-cache-size', '1MiB', '--wal-recovery', 'point-in-time', '--recycle-logs', '2'],
      ...['--filter-allocation', 'monkey', '--merge-operator', 'uint64add'],
    );
    expect(chosen).toEqual({
      maxL0SSTables: 3,
      walSync: 'interval',
      walSyncIntervalMs: 50,
      compression: 'lz4',
      compressionPerLevel: ['none', 'zstd'],
      workers: 0,
      blockCacheSize: 1024 * 1024,
      walRecovery: 'point-in-time',
      recycleLogs: 2,
      filterAllocation: 'monkey',
      mergeOperator: 'uint64add',
    });
    expect(() => resolveOptions(chosen)).not.toThrow();
  });

  test('size levels and tables after the memtable, unless they are chosen, too', () => {
    const scaled = parsed('--memtable-size', '64KiB');
    expect(scaled).toMatchObject({ memtableSize: 65_536, levelBaseSize: 262_144 });
    const chosen = parsed('--memtable-size', '64KiB', '--level-base-size', '1MiB');
    expect(chosen).toMatchObject({ levelBaseSize: 1024 * 1024 });
  });

  test('choose for single column families, over and over', () => {
    const chosen = parsed(
      ...['--family-option', 'users:compression=lz4', '--family-option', 'a:b:maxLevels=3'],
      ...['--family-option', 'users:memtableSize=4KiB'],
    );
    expect(chosen.families).toEqual({
      users: { compression: 'lz4', memtableSize: 4096 },
      'a:b': { maxLevels: 3 },
    });
  });

  test.each([
    ['--max-levels', '1'],
    ['--max-levels', '17'],
    ['--max-levels', 'many'],
    ['--block-size', '1'],
    ['--wal-sync', 'sometimes'],
    ['--compression-per-level', 'none,zip'],
    ['--family-option', 'users'],
    ['--family-option', 'users:frobnicate=1'],
    ['--family-option', 'users:compression=zip'],
  ])('refuse %s %s', (...typed) => {
    expect(() => parsed(...typed)).toThrow(expect.objectContaining({ exitCode: 1 }));
  });
});
