// Reader and writer agree on every type, and the reader never passes its end.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader } from '../../src/base/byteReader.ts';
import { ByteWriter } from '../../src/base/byteWriter.ts';

type Item =
  | { readonly kind: 'u8' | 'u16' | 'u32' | 'u48' | 'u64' | 'varint'; readonly value: number }
  | { readonly kind: 'bytes'; readonly value: Uint8Array };

const anyItem: fc.Arbitrary<Item> = fc.oneof(
  fc.record({ kind: fc.constant('u8' as const), value: fc.nat(0xff) }),
  fc.record({ kind: fc.constant('u16' as const), value: fc.nat(0xffff) }),
  fc.record({ kind: fc.constant('u32' as const), value: fc.nat(0xffffffff) }),
  fc.record({ kind: fc.constant('u48' as const), value: fc.maxSafeNat().map((n) => n % 2 ** 48) }),
  fc.record({ kind: fc.constant('u64' as const), value: fc.maxSafeNat() }),
  fc.record({ kind: fc.constant('varint' as const), value: fc.maxSafeNat() }),
  fc.record({ kind: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 600 }) }),
);

function write(writer: ByteWriter, item: Item): void {
  if (item.kind === 'bytes') writer.writeLengthAndBytes(item.value);
  else if (item.kind === 'u8') writer.writeUint8(item.value);
  else if (item.kind === 'u16') writer.writeUint16(item.value);
  else if (item.kind === 'u32') writer.writeUint32(item.value);
  else if (item.kind === 'u48') writer.writeUint48(item.value);
  else if (item.kind === 'u64') writer.writeUint64(item.value);
  else writer.writeVarint(item.value);
}

function read(reader: ByteReader, kind: Item['kind']): number | Uint8Array {
  if (kind === 'u8') return reader.readUint8('item');
  if (kind === 'u16') return reader.readUint16('item');
  if (kind === 'u32') return reader.readUint32('item');
  if (kind === 'u48') return reader.readUint48('item');
  if (kind === 'u64') return reader.readUint64('item');
  if (kind === 'varint') return reader.readVarint('item');
  return reader.readBytes(reader.readLength('length'), 'item');
}

test('what was written is read', () => {
  fc.assert(
    fc.property(fc.array(anyItem, { maxLength: 40 }), (items) => {
      const writer = new ByteWriter(1);
      for (const each of items) write(writer, each);
      const reader = new ByteReader(writer.toBytes(), 'file');
      for (const { kind, value } of items) expect(read(reader, kind)).toEqual(value);
      expect(reader.remaining).toBe(0);
    }),
  );
});

test('bytes cut anywhere give an error that names file and offset', () => {
  fc.assert(
    fc.property(fc.array(anyItem, { minLength: 1, maxLength: 8 }), fc.nat(), (items, at) => {
      const writer = new ByteWriter();
      for (const each of items) write(writer, each);
      const cut = writer.toBytes().slice(0, at % writer.length);
      const reader = new ByteReader(cut, 'file', 1000);
      const readAll = (): unknown => items.map(({ kind }) => read(reader, kind));
      expect(readAll).toThrow(expect.objectContaining({ code: 'CORRUPTION', file: 'file' }));
      expect(reader.position).toBeLessThanOrEqual(cut.length);
      expect(reader.damage('here').offset).toBe(1000 + reader.position);
    }),
  );
});

test('a length is checked against what is left before anything is taken', () => {
  const writer = new ByteWriter();
  writer.writeVarint(2 ** 40);
  const reader = new ByteReader(writer.toBytes(), 'file', 7);
  expect(() => reader.readLength('key length')).toThrow(
    /file at byte 7: key length is 1099511627776/,
  );
});

test('eight bytes of 2^53 and more are damage', () => {
  const reader = new ByteReader(Uint8Array.of(0, 0, 0, 0, 0, 0, 0x20, 0), 'file');
  expect(() => reader.readUint64('sequence')).toThrow(/sequence is 2\^53 or more/);
});
