import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equalBytes } from '../../src/base/bytes.ts';
import { pieceBytesFor, ReadAhead } from '../../src/readers/sst/readAhead.ts';
import type { ReadableFile } from '../../src/readers/releasableFile.ts';

class CountingFile implements ReadableFile {
  reads = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  sizeBytes(): number {
    return this.bytes.length;
  }

  read(target: Uint8Array, targetOffset: number, lengthBytes: number, position: number): number {
    this.reads++;
    const part = this.bytes.subarray(position, position + lengthBytes);
    target.set(part, targetOffset);
    return part.length;
  }
}

function fileOf(sizeBytes: number, salt: number): CountingFile {
  return new CountingFile(
    Uint8Array.from({ length: sizeBytes }, (_, at) => (at * 31 + salt) % 251),
  );
}

test('parts of several files are what the files hold, in whatever order they are asked for', () => {
  const part = fc.tuple(fc.nat(2), fc.nat(6000), fc.nat(3000));
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 30 }),
      fc.integer({ min: 1, max: 5000 }),
      (all, max) => {
        const files = [fileOf(9000, 0), fileOf(7000, 7), fileOf(6100, 19)];
        const ahead = new ReadAhead(max);
        for (const [which, offset, length] of all) {
          const file = files[which]!;
          const end = Math.min(offset + length, file.bytes.length);
          const view = ahead.view(file, 'f', file.bytes.length, offset, end - offset);
          expect(equalBytes(view, file.bytes.subarray(offset, end))).toBe(true);
        }
      },
    ),
  );
});

test('blocks one after another take a read for many of them', () => {
  const file = fileOf(1_000_000, 3);
  const ahead = new ReadAhead(pieceBytesFor(1));
  for (let at = 0; at < 1_000_000; at += 4000) ahead.view(file, 'f', 1_000_000, at, 4000);
  expect(file.reads).toBeLessThan(15);
});

test('ten thousand walks at once read ahead little each', () => {
  expect(10_000 * pieceBytesFor(10_000)).toBeLessThanOrEqual(16 * 1024 * 1024);
});

test('a file that has become shorter is damage, and is asked again', () => {
  const file = fileOf(5000, 1);
  const ahead = new ReadAhead(1000);
  expect(() => ahead.view(file, 'short.sst', 9000, 4000, 2000)).toThrow(/shorter/);
  expect(ahead.view(file, 'short.sst', 5000, 4000, 1000)).toEqual(file.bytes.subarray(4000));
});
