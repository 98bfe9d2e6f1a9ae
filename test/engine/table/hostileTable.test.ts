// Tables made to hurt: every checksum is right, every number inside lies. Whatever they declare,
// they get a typed error, and nothing near the declared size is ever allocated.

import { Packr } from 'msgpackr/pack';
import { describe, expect, test } from 'vitest';
import { ByteWriter, storeUint32 } from '../../../src/base/byteWriter.ts';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { crc32, maskCrc32 } from '../../../src/base/crc32.ts';
import { COMPRESSION_NAMES } from '../../../src/base/compression/blockCodec.ts';
import type { CompressionName } from '../../../src/base/compression/blockCodec.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { tableFileName } from '../../../src/engine/fileNames.ts';
import { blockChecksum } from '../../../src/engine/table/blockTrailer.ts';
import { encodeFooter, FOOTER_BYTES, VERSION_OFFSET } from '../../../src/engine/table/footer.ts';
import type { Footer } from '../../../src/engine/table/footer.ts';
import { IndexBuilder } from '../../../src/engine/table/indexBuilder.ts';
import { JOB_READS } from '../../../src/engine/table/readContext.ts';
import { TableOutput } from '../../../src/engine/table/tableOutput.ts';
import { TableReader } from '../../../src/engine/table/tableReader.ts';
import { verifyTable } from '../../../src/engine/table/verifyTable.ts';
import { codecs, DIRECTORY, newContext, newDisk, writeTable } from './builtTable.ts';

const NAME = tableFileName(1);
const MIB = 1 << 20;
const HUGE = [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

/** The parts of a table, each a sound one unless a test replaces it. */
interface Parts {
  readonly data: Uint8Array;
  /** A part of an index in two levels; none unless a test has one. */
  readonly partition: Uint8Array;
  readonly filter: Uint8Array;
  readonly index: Uint8Array;
  readonly properties: Uint8Array;
  readonly footer: (sound: Footer) => Uint8Array;
  /** What the data block says it is compressed by. */
  readonly compression: CompressionName;
}

function bytesOf(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.toBytes();
}

/** A data block of one entry ("k" = "v", sequence 5) with any number in it replaced. */
function dataBlock(
  lie: {
    shared?: number;
    suffix?: number;
    value?: number;
    count?: number;
    interval?: number;
    kind?: number;
    widths?: [number, number];
    restart?: number;
    baseHigh?: number;
  } = {},
): Uint8Array {
  return bytesOf((writer) => {
    writer.writeVarint(lie.shared ?? 0);
    writer.writeVarint(lie.suffix ?? 1);
    writer.writeVarint(lie.value ?? 1);
    writer.writeBytes(encodeUtf8('kv'));
    writer.writeUint8(lie.kind ?? 1);
    writer.writeUint32(lie.restart ?? 0);
    writer.writeUint32(5);
    writer.writeUint32(lie.baseHigh ?? 0);
    writer.writeUint64(7);
    writer.writeUint32(lie.count ?? 1);
    writer.writeUint16(lie.interval ?? 16);
    for (const width of lie.widths ?? [0, 0]) writer.writeUint8(width);
  });
}

function indexBlock(
  size: number,
  lie: { count?: number; length?: number; entries?: number; rawSize?: number } = {},
): Uint8Array {
  return bytesOf((writer) => {
    writer.writeVarint(size);
    writer.writeVarint(lie.rawSize ?? size);
    writer.writeVarint(lie.entries ?? 1);
    writer.writeVarint(0);
    writer.writeVarint(lie.length ?? 1);
    writer.writeBytes(encodeUtf8('k'));
    writer.writeUint32(lie.count ?? 1);
  });
}

function filterBlock(lie: { keys?: number; probes?: number; kind?: number } = {}): Uint8Array {
  return bytesOf((writer) => {
    writer.writeBytes(new Uint8Array(64).fill(0xff));
    writer.writeUint48(lie.keys ?? 1);
    writer.writeUint8(lie.probes ?? 6);
    writer.writeUint8(lie.kind ?? 1);
  });
}

const packr = new Packr({ useRecords: false });

function properties(lie: Record<string, unknown> = {}): Uint8Array {
  return new Uint8Array(
    packr.pack({
      file: 1,
      family: 0,
      comparator: 'lsm-lens.bytewise',
      entries: 1,
      tombstones: 0,
      distinctKeys: 1,
      smallestKey: encodeUtf8('k'),
      largestKey: encodeUtf8('k'),
      smallestSequence: 5,
      largestSequence: 5,
      smallestTimestampMicros: 7,
      largestTimestampMicros: 7,
      createdMicros: 7,
      rawKeyBytes: 1,
      rawValueBytes: 1,
      dataBlocks: 1,
      dataSizeBytes: dataBlock().length + 5,
      blockSize: 4096,
      blockRestartInterval: 16,
      bloomBitsPerKey: 10,
      madeBy: 'flush',
      inputs: [],
      ...lie,
    }),
  );
}

/** Puts a table together and reads all of it; answers the error's code, or `fine`. */
function read(parts: Partial<Parts>): string {
  const disk = newDisk();
  const output = new TableOutput(disk, `${DIRECTORY}/${NAME}`);
  const data = parts.data ?? dataBlock();
  output.appendBlock(data, data.length, parts.compression);
  if (parts.partition !== undefined) appended(output, parts.partition);
  const filter = appended(output, parts.filter ?? filterBlock());
  const index = appended(output, parts.index ?? indexBlock(data.length));
  const sound = properties({ dataSizeBytes: data.length + 5 });
  const props = appended(output, parts.properties ?? sound);
  const fileSizeBytes = output.sizeBytes + FOOTER_BYTES;
  const rangeTombstones = { offset: 0, sizeBytes: 0 };
  const footer = { filter, index, rangeTombstones, properties: props, fileSizeBytes };
  const footerBytes = (parts.footer ?? encodeFooter)(footer);
  output.append(footerBytes, footerBytes.length);
  void output.sync();
  const before = process.memoryUsage().arrayBuffers;
  const code = codeOf(() => {
    const handle = disk.open(`${DIRECTORY}/${NAME}`, 'read');
    const iterator = TableReader.open(handle, NAME, undefined, newContext()).iterator(JOB_READS);
    for (iterator.first(); iterator.valid; iterator.next());
    iterator.seek(encodeUtf8('k'), 5);
    const steps = verifyTable(
      disk.open(`${DIRECTORY}/${NAME}`, 'read'),
      NAME,
      undefined,
      newContext(),
    );
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done !== true) continue;
      const [problem] = step.value;
      if (problem !== undefined) throw new LsmError('CORRUPTION', problem.message, problem);
      return;
    }
  });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * MIB);
  return code;
}

function appended(output: TableOutput, bytes: Uint8Array): Footer['index'] {
  const { offset, sizeBytes } = output.appendBlock(bytes, bytes.length);
  return { offset, sizeBytes };
}

function codeOf(action: () => void): string {
  try {
    action();
    return 'fine';
  } catch (thrown) {
    if (!(thrown instanceof LsmError)) throw thrown;
    expect(thrown.file).toBe(NAME);
    expect(thrown.offset).toBeGreaterThanOrEqual(0);
    return thrown.code;
  }
}

describe('a table of lies', () => {
  test('is fine without any', () => {
    expect(read({})).toBe('fine');
  });

  test('in the lengths of an entry', () => {
    for (const huge of [...HUGE, 2 ** 40, 2 ** 53 - 1, 127, 128]) {
      expect(read({ data: dataBlock({ shared: huge }) })).toBe('CORRUPTION');
      expect(read({ data: dataBlock({ suffix: huge }) })).toBe('CORRUPTION');
      expect(read({ data: dataBlock({ value: huge }) })).toBe('CORRUPTION');
    }
    expect(read({ data: dataBlock({ shared: 1, suffix: 0 }) })).toBe('CORRUPTION');
    expect(read({ data: dataBlock({ value: 0 }) })).toBe('CORRUPTION');
  });

  test('in the kind of an entry', () => {
    expect(read({ data: dataBlock({ kind: 3 }) })).toBe('CORRUPTION');
    expect(read({ data: dataBlock({ kind: 0 }) })).toBe('CORRUPTION');
  });

  test('in the tail of a data block', () => {
    for (const count of [0, 2, ...HUGE])
      expect(read({ data: dataBlock({ count }) })).toBe('CORRUPTION');
    expect(read({ data: dataBlock({ interval: 0 }) })).toBe('CORRUPTION');
    expect(read({ data: dataBlock({ widths: [8, 0] }) })).toBe('CORRUPTION');
    expect(read({ data: dataBlock({ widths: [0, 255] }) })).toBe('CORRUPTION');
    expect(read({ data: dataBlock({ widths: [7, 7] }) })).toBe('CORRUPTION');
    expect(read({ data: dataBlock({ baseHigh: 0x200000 }) })).toBe('CORRUPTION');
    for (const restart of [1, ...HUGE]) {
      expect(read({ data: dataBlock({ restart }) })).toBe('CORRUPTION');
    }
    for (const length of [0, 1, 23, 24]) {
      expect(read({ data: new Uint8Array(length) })).toBe('CORRUPTION');
    }
  });

  test('in the index', () => {
    const size = dataBlock().length;
    for (const count of [0, 2, ...HUGE]) {
      expect(read({ index: indexBlock(size, { count }) })).toBe('CORRUPTION');
    }
    for (const huge of [...HUGE, 2 ** 53 - 1]) {
      expect(read({ index: indexBlock(huge) })).toBe('CORRUPTION');
      expect(read({ index: indexBlock(size, { length: huge }) })).toBe('CORRUPTION');
      expect(read({ index: indexBlock(size, { entries: huge }) })).toBe('CORRUPTION');
    }
    for (const length of [0, 3, 4, 9])
      expect(read({ index: new Uint8Array(length) })).toBe('CORRUPTION');
  });

  test('in a separator, which only verification can see', async () => {
    const disk = newDisk();
    const entries = ['b', 'd', 'f'].map((key, index) => ({
      key: encodeUtf8(key),
      sequence: index + 1,
      kind: 1,
      timestampMicros: 0,
      value: encodeUtf8('v'),
    }));
    // A block for each entry; each one's separator is its key.
    await writeTable(disk, 1, entries, { blockSize: 1 });
    const file = disk.open(`${DIRECTORY}/${NAME}`, 'write');
    const { index, footer } = TableReader.open(file, NAME, undefined, newContext());
    const problemsWith = (key: string, sequence: number): string[] => {
      const builder = new IndexBuilder();
      for (let block = 0; block < 3; block++) {
        const sound = index.separator(block);
        const lie = block === 0 ? { key: encodeUtf8(key), sequence } : sound;
        builder.add(index.sizeOf(block), index.rawSizeOf(block), 1, lie.key, lie.sequence);
      }
      const bytes = builder.finish();
      const { offset } = footer.index;
      const trailer = new Uint8Array(5);
      storeUint32(trailer, 1, blockChecksum(bytes, 0, bytes.length, 0, offset));
      file.write(bytes, 0, bytes.length, offset);
      file.write(trailer, 0, trailer.length, offset + bytes.length);
      const handle = disk.open(`${DIRECTORY}/${NAME}`, 'read');
      const steps = verifyTable(handle, NAME, undefined, newContext());
      let step = steps.next();
      while (step.done !== true) step = steps.next();
      return step.value.map(({ message }) => message);
    };
    expect(problemsWith('b', 0)).toEqual([]);
    expect(problemsWith('c', 0)).toEqual([]);
    expect(problemsWith('d', 9)).toEqual([]);
    expect(problemsWith('a', 0).join()).toContain('ends behind its separator');
    expect(problemsWith('b', 2).join()).toContain('ends behind its separator');
    expect(problemsWith('d', 1).join()).toContain('begins before its separator');
  });

  test('in the size before compression', () => {
    const packers = COMPRESSION_NAMES.filter((name) => name !== 'none');
    for (const compression of packers) {
      const codec = codecs.codec(compression);
      const raw = dataBlock();
      const packed = codec.compress(raw);
      const stored = (size: number, bytes = packed): Uint8Array =>
        bytesOf((writer) => {
          writer.writeVarint(size);
          writer.writeBytes(bytes);
        });
      const verdict = (data: Uint8Array, rawSize = raw.length): string =>
        read({
          data,
          compression,
          index: indexBlock(data.length, { rawSize }),
          properties: properties({
            dataSizeBytes: data.length + 5,
            rawDataSizeBytes: rawSize,
          }),
        });
      expect(verdict(stored(raw.length)), compression).toBe('fine');
      expect(verdict(stored(raw.length), raw.length + 1)).toBe('CORRUPTION');
      for (const size of [0, 1, raw.length - 1, raw.length + 1, ...HUGE, 2 ** 53 - 1]) {
        expect(verdict(stored(size), size), `${compression} of ${size}`).toBe('CORRUPTION');
      }
      const bomb = codec.compress(new Uint8Array(64 * MIB));
      expect(verdict(stored(raw.length, bomb)), compression).toBe('CORRUPTION');
      expect(verdict(new Uint8Array(0)), compression).toBe('CORRUPTION');
      expect(verdict(new Uint8Array(9).fill(0xff)), compression).toBe('CORRUPTION');
    }
  });

  test('in the parts of an index', () => {
    const data = dataBlock();
    const none = new Uint8Array(0);
    const part = (start: number, rest: Uint8Array): Uint8Array =>
      bytesOf((writer) => {
        writer.writeVarint(start);
        writer.writeBytes(rest);
      });
    const verdict = (bytes: Uint8Array, lie: Parameters<typeof indexBlock>[1] = {}): string =>
      read({
        data,
        partition: bytes,
        index: indexBlock(bytes.length, lie),
        properties: properties({ indexPartitions: 1, dataSizeBytes: data.length + 5 }),
      });
    const sound = part(0, indexBlock(data.length));
    expect(verdict(sound)).toBe('fine');
    for (const start of [1, data.length + 5, ...HUGE, 2 ** 53 - 1]) {
      expect(verdict(part(start, indexBlock(data.length)))).toBe('CORRUPTION');
    }
    for (const huge of HUGE) {
      expect(verdict(part(0, indexBlock(huge)))).toBe('CORRUPTION');
      expect(verdict(part(0, indexBlock(data.length, { count: huge })))).toBe('CORRUPTION');
      expect(verdict(part(0, indexBlock(data.length, { entries: huge })))).toBe('CORRUPTION');
      expect(verdict(sound, { entries: huge })).toBe('CORRUPTION');
      const wrong = properties({ indexPartitions: huge, dataSizeBytes: data.length + 5 });
      expect(
        read({ data, partition: sound, index: indexBlock(sound.length), properties: wrong }),
      ).toBe('CORRUPTION');
    }
    expect(verdict(none)).toBe('CORRUPTION');
    expect(verdict(new Uint8Array(9).fill(0xff))).toBe('CORRUPTION');
    // The index as one block, but said to be in parts, and the other way round.
    expect(read({ properties: properties({ indexPartitions: 1 }) })).toBe('CORRUPTION');
    expect(read({ data, partition: sound, index: indexBlock(sound.length) })).toBe('CORRUPTION');
  });

  test('in the filter', () => {
    for (const keys of [0, 2, 513, 2 ** 32, 2 ** 48 - 1]) {
      expect(read({ filter: filterBlock({ keys }) })).toBe('CORRUPTION');
    }
    for (const probes of [0, 31, 255]) {
      expect(read({ filter: filterBlock({ probes }) })).toBe('CORRUPTION');
    }
    expect(read({ filter: filterBlock({ kind: 2 }) })).toBe('NOT_SUPPORTED');
    expect(read({ filter: new Uint8Array(9) })).toBe('CORRUPTION');
    const denying = filterBlock();
    denying.fill(0, 0, 64);
    expect(read({ filter: denying })).toBe('CORRUPTION');
  });

  test('in the properties', () => {
    const bad: readonly Record<string, unknown>[] = [
      { entries: -1 },
      { entries: 1.5 },
      { entries: 2 ** 53 },
      { entries: '1' },
      { entries: 2 },
      { rawKeyBytes: 2 },
      { smallestKey: 'k' },
      { smallestKey: encodeUtf8('z') },
      { largestKey: encodeUtf8('z') },
      { smallestSequence: 6 },
      { largestTimestampMicros: 8 },
      { dataBlocks: 2 },
      { dataSizeBytes: 1 },
      { inputs: 3 },
      { inputs: ['x'] },
      { madeBy: 'magic' },
      { compression: 'magic' },
      { rawDataSizeBytes: 1 },
      { file: null },
    ];
    for (const lie of bad) expect(read({ properties: properties(lie) })).toBe('CORRUPTION');
    expect(read({ properties: properties({ comparator: 'reverse' }) })).toBe('NOT_SUPPORTED');
    expect(read({ properties: properties({ fieldOfALaterVersion: [1, { a: null }] }) })).toBe(
      'fine',
    );
  });

  test('in the lengths inside the properties', () => {
    const lies = [
      [0xdd, 0xff, 0xff, 0xff, 0xff], // array 32
      [0xdf, 0xff, 0xff, 0xff, 0xff], // map 32
      [0xdb, 0x80, 0x00, 0x00, 0x00, 0x61], // str 32
      [0xc6, 0x7f, 0xff, 0xff, 0xff, 0x61], // bin 32
      [0x81, 0xdd, 0x7f, 0xff, 0xff, 0xff],
      Array.from({ length: 50_000 }, () => 0x91), // arrays in arrays
      [0xc9, 0xff, 0xff, 0xff, 0xff, 0x01], // ext 32
      [0xd4, 0x72, 0x40], // a msgpackr record definition
      [0xc1],
      [0x80, 0x80],
      [0x90],
      [],
    ];
    for (const lie of lies) expect(read({ properties: new Uint8Array(lie) })).toBe('CORRUPTION');
  });

  test('in the footer', () => {
    const beyond = { offset: 2 ** 53 - 1, sizeBytes: 2 ** 32 - 1 };
    for (const part of ['filter', 'index', 'properties'] as const) {
      for (const offset of [0, 2 ** 31, 2 ** 53 - 1]) {
        for (const sizeBytes of [0, 1, ...HUGE]) {
          const footer = (sound: Footer): Uint8Array =>
            encodeFooter({ ...sound, [part]: { offset, sizeBytes } });
          expect(read({ footer })).toBe('CORRUPTION');
        }
      }
    }
    const footer = (sound: Footer): Uint8Array => encodeFooter({ ...sound, index: beyond });
    expect(read({ footer })).toBe('CORRUPTION');
  });

  test('or of a later format version is refused by its number', () => {
    const footer = (sound: Footer): Uint8Array => {
      const bytes = encodeFooter(sound);
      storeUint32(bytes, VERSION_OFFSET, 2);
      storeUint32(bytes, 52, maskCrc32(crc32(bytes, 0, 52)));
      return bytes;
    };
    expect(read({ footer })).toBe('NOT_SUPPORTED');
  });
});
