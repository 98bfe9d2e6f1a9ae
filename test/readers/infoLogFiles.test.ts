import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { MemoryVfs } from '../../src/base/memoryVfs.ts';
import { ForeignDirectory } from '../../src/readers/foreignDirectory.ts';
import { InfoLogFiles } from '../../src/readers/infoLogFiles.ts';
import type { InfoLines } from '../../src/readers/infoLogFiles.ts';

/** Keeps every line. */
class Lines implements InfoLines {
  readonly told: string[] = [];

  beginFile(): void {
    this.told.push('<file>');
  }

  take(lines: string): void {
    this.told.push(...lines.split('\n').filter((line) => line !== ''));
  }
}

function write(vfs: MemoryVfs, name: string, text: string): void {
  const path = `/db/${name}`;
  if (vfs.stat(path) !== undefined) vfs.remove(path);
  const file = vfs.open(path, 'create');
  const bytes = encodeUtf8(text);
  file.write(bytes, 0, bytes.length, 0);
  file.close();
}

function begun(files: Readonly<Record<string, string>>): {
  readonly vfs: MemoryVfs;
  readonly logs: InfoLogFiles<Lines>;
} {
  const vfs = new MemoryVfs();
  vfs.makeDirectory('/db');
  for (const [name, text] of Object.entries(files)) write(vfs, name, text);
  return { vfs, logs: new InfoLogFiles(new ForeignDirectory(vfs, '/db'), new Lines()) };
}

test('older files come first, and each line once, when it is whole', () => {
  const { vfs, logs } = begun({ LOG: 'c\nd', 'LOG.old.20': 'b\n', 'LOG.old.3': 'a\n' });
  expect(logs.log.told).toEqual(['<file>', 'a', '<file>', 'b', '<file>', 'c']);
  write(vfs, 'LOG', 'c\ndone\n');
  logs.refresh();
  logs.refresh();
  expect(logs.log.told.slice(6)).toEqual(['done']);
});

test('a file that was renamed is read to its end, and its follower from its beginning', () => {
  const { vfs, logs } = begun({ LOG: 'a\n' });
  write(vfs, 'LOG.old.7', 'a\nb\n');
  write(vfs, 'LOG', 'c\n');
  logs.refresh();
  expect(logs.log.told).toEqual(['<file>', 'a', 'b', '<file>', 'c']);
});

test('LevelDB renames to the same name each time: a shorter file is another one', () => {
  const { vfs, logs } = begun({ LOG: 'one\ntwo\nthree\n', 'LOG.old': 'x\n' });
  write(vfs, 'LOG', 'new\n');
  logs.refresh();
  expect(logs.log.told.slice(-2)).toEqual(['<file>', 'new']);
});

test('long lines come whole, and lines beyond all measure are passed over', () => {
  const long = 'l'.repeat(300_000);
  const endless = 'e'.repeat(3_000_000);
  const { logs } = begun({ LOG: `a\n${long}\nb\n${endless}\nc\nd\n` });
  const { told } = logs.log;
  expect(told.slice(0, 3).map((line) => line.length)).toEqual([6, 1, 300_000]);
  expect(told.slice(-2)).toEqual(['c', 'd']);
  expect(told.every((line) => line.length < 1_100_000)).toBe(true);
});
