// What every Vfs must do; run against each of them.

import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import type { Vfs, VfsFile } from '../../src/base/vfs.ts';

/** An empty directory on some disk. */
export interface VfsUnderTest {
  readonly vfs: Vfs;
  readonly directory: string;
  readonly discard: () => void;
}

function contentOf(file: VfsFile): string {
  const bytes = new Uint8Array(file.sizeBytes());
  expect(file.read(bytes, 0, bytes.length, 0)).toBe(bytes.length);
  return new TextDecoder().decode(bytes);
}

function code(systemCode: string): unknown {
  return expect.objectContaining({ code: 'IO', systemCode });
}

/** Declares the tests of the contract for one implementation. */
export function vfsContract(name: string, make: () => VfsUnderTest): void {
  const withDisk = async (
    action: (vfs: Vfs, at: (file: string) => string, directory: string) => unknown,
  ): Promise<void> => {
    const { vfs, directory, discard } = make();
    try {
      await action(vfs, (file) => vfs.join(directory, file), directory);
    } finally {
      discard();
    }
  };
  const write = (vfs: Vfs, path: string, text: string): void => {
    const file = vfs.open(path, 'create');
    file.write(encodeUtf8(text), 0, encodeUtf8(text).length, 0);
    file.close();
  };

  describe(`a file system ${name}`, () => {
    test('modes: create is exclusive, read and write need the file', () =>
      withDisk((vfs, at) => {
        expect(() => vfs.open(at('f'), 'read')).toThrow(code('ENOENT'));
        expect(() => vfs.open(at('f'), 'write')).toThrow(code('ENOENT'));
        write(vfs, at('f'), 'hello');
        expect(() => vfs.open(at('f'), 'create')).toThrow(code('EEXIST'));
        const file = vfs.open(at('f'), 'read');
        expect(contentOf(file)).toBe('hello');
        expect(() => file.write(new Uint8Array(1), 0, 1, 0)).toThrow(code('EBADF'));
        expect(() => file.truncate(0)).toThrow(code('EBADF'));
        file.close();
        file.close();
        expect(() => file.sizeBytes()).toThrow(code('EBADF'));
      }));

    test('reads are short at the end, writes may leave a gap of zeros', () =>
      withDisk((vfs, at) => {
        const file = vfs.open(at('f'), 'create');
        file.write(Uint8Array.of(9, 1, 2, 9), 1, 2, 3);
        expect(file.sizeBytes()).toBe(5);
        const target = new Uint8Array(8).fill(7);
        expect(file.read(target, 1, 6, 2)).toBe(3);
        expect(target).toEqual(Uint8Array.of(7, 0, 1, 2, 7, 7, 7, 7));
        expect(file.read(target, 0, 4, 99)).toBe(0);
        file.truncate(4);
        file.truncate(6);
        expect(file.read(target, 0, 8, 0)).toBe(6);
        expect(target.slice(0, 6)).toEqual(Uint8Array.of(0, 0, 0, 1, 0, 0));
        file.close();
      }));

    test('rename replaces, and open files keep what they have', () =>
      withDisk((vfs, at, directory) => {
        write(vfs, at('old'), 'old');
        write(vfs, at('new'), 'new');
        const old = vfs.open(at('old'), 'read');
        vfs.rename(at('new'), at('old'));
        expect(vfs.list(directory)).toEqual(['old']);
        expect(contentOf(old)).toBe('old');
        const now = vfs.open(at('old'), 'read');
        expect(contentOf(now)).toBe('new');
        vfs.remove(at('old'));
        expect(contentOf(now)).toBe('new');
        expect(vfs.stat(at('old'))).toBeUndefined();
        old.close();
        now.close();
        expect(() => vfs.remove(at('old'))).toThrow(code('ENOENT'));
        expect(() => vfs.rename(at('old'), at('x'))).toThrow(code('ENOENT'));
      }));

    test('a link is a second name for the same file', () =>
      withDisk((vfs, at, directory) => {
        write(vfs, at('f'), 'content');
        vfs.link(at('f'), at('g'));
        expect(() => vfs.link(at('f'), at('g'))).toThrow(code('EEXIST'));
        expect(() => vfs.link(at('none'), at('h'))).toThrow(code('ENOENT'));
        expect(() => vfs.link(at('f'), vfs.join(at('none'), 'h'))).toThrow(code('ENOENT'));
        vfs.remove(at('f'));
        expect(vfs.list(directory)).toEqual(['g']);
        const file = vfs.open(at('g'), 'read');
        expect(contentOf(file)).toBe('content');
        file.close();
      }));

    test('directories: made with parents, listed sorted, never opened as files', () =>
      withDisk(async (vfs, at, directory) => {
        vfs.makeDirectory(vfs.join(at('d'), 'e'));
        vfs.makeDirectory(at('d'));
        write(vfs, at('c'), '');
        write(vfs, at('10'), '');
        expect(vfs.list(directory)).toEqual(['10', 'c', 'd']);
        expect(vfs.stat(at('d'))).toMatchObject({ kind: 'directory' });
        expect(vfs.stat(at('c'))).toMatchObject({ kind: 'file', sizeBytes: 0 });
        expect(() => vfs.list(at('none'))).toThrow(code('ENOENT'));
        expect(() => vfs.list(at('c'))).toThrow(code('ENOTDIR'));
        expect(() => vfs.makeDirectory(vfs.join(at('c'), 'x'))).toThrow(code('ENOTDIR'));
        expect(() => vfs.open(at('d'), 'write')).toThrow(code('EISDIR'));
        await vfs.syncDirectory(directory);
        await expect(vfs.syncDirectory(at('none'))).rejects.toMatchObject({ systemCode: 'ENOENT' });
      }));

    test('sync resolves; a file closed meanwhile is closed after it', () =>
      withDisk(async (vfs, at) => {
        const file = vfs.open(at('f'), 'create');
        file.write(Uint8Array.of(1), 0, 1, 0);
        const synced = file.sync();
        file.close();
        await synced;
        await expect(file.sync()).rejects.toMatchObject({ systemCode: 'EBADF' });
      }));

    test('a lock is held once, and again after its release', () =>
      withDisk((vfs, at, directory) => {
        const lock = vfs.lock(at('LOCK'));
        expect(() => vfs.lock(at('LOCK'))).toThrow(expect.objectContaining({ code: 'LOCKED' }));
        lock.release();
        lock.release();
        vfs.lock(at('LOCK')).release();
        expect(vfs.list(directory)).toEqual([]);
      }));
  });
}
