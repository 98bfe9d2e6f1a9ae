import { expect, test } from 'vitest';
import type { VfsStat } from '../../src/base/vfs.ts';
import { MemoryVfs } from '../../src/base/memoryVfs.ts';
import { ForeignDirectory } from '../../src/readers/foreignDirectory.ts';

/** A disk whose directory bears a time, and that counts how often it is listed. */
class TimedDisk extends MemoryVfs {
  modifiedMicros = 0;
  listings = 0;

  override list(path: string): string[] {
    this.listings++;
    return super.list(path);
  }

  override stat(path: string): VfsStat | undefined {
    const stat = super.stat(path);
    return stat === undefined ? undefined : { ...stat, modifiedMicros: this.modifiedMicros };
  }

  add(name: string, atMicros: number): void {
    this.open(`/db/${name}`, 'create').close();
    this.modifiedMicros = atMicros;
  }
}

const SECOND = 1_000_000;

function begun(): {
  readonly disk: TimedDisk;
  readonly foreign: ForeignDirectory;
  readonly clock: { micros: number };
} {
  const disk = new TimedDisk();
  disk.makeDirectory('/db');
  const clock = { micros: 100 * SECOND };
  return { disk, clock, foreign: new ForeignDirectory(disk, '/db', () => clock.micros) };
}

test('a directory that has long been at rest is listed once', () => {
  const { disk, foreign } = begun();
  disk.add('a', 10 * SECOND);
  const names = foreign.names();
  expect(foreign.names()).toBe(names);
  expect(disk.listings).toBe(1);
  disk.add('b', 99 * SECOND);
  expect(foreign.names()).toEqual(['a', 'b']);
});

test('what comes within the same grain of time as a listing is seen', () => {
  const { disk, foreign, clock } = begun();
  disk.add('a', clock.micros);
  expect(foreign.names()).toEqual(['a']);
  disk.add('b', clock.micros);
  expect(foreign.names()).toEqual(['a', 'b']);
  clock.micros += 10 * SECOND;
  foreign.names();
  foreign.names();
  expect(disk.listings).toBe(3);
});

test('a directory that bears no time is listed each time', () => {
  const { disk, foreign } = begun();
  foreign.names();
  foreign.names();
  expect(disk.listings).toBe(2);
});
