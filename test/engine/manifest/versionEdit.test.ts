import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMPRESSION_NAMES } from '../../../src/base/compression/blockCodec.ts';
import { compareBytes } from '../../../src/base/bytes.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { tableFileName } from '../../../src/engine/fileNames.ts';
import { EMPTY_EDIT, decodeEdit, encodeEdit } from '../../../src/engine/manifest/versionEdit.ts';
import type { VersionEdit } from '../../../src/engine/manifest/versionEdit.ts';
import type { FamilyOptions } from '../../../src/engine/options.ts';
import type { TableInfo } from '../../../src/protocol/events.ts';
import { addition, table } from '../tableFixture.ts';

const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const key = fc.uint8Array({ maxLength: 20 });

const tableInfo: fc.Arbitrary<TableInfo> = fc
  .record({
    file: number,
    run: number,
    sizeBytes: number,
    entries: number,
    tombstones: number,
    rangeDeletes: number,
    keys: fc.tuple(key, key),
    smallestSequence: number,
    largestSequence: number,
    createdMicros: number,
    largestTimestampMicros: number,
    rawKeyBytes: number,
    rawValueBytes: number,
    dataBlocks: number,
    filterSizeBytes: number,
    indexSizeBytes: number,
    compression: fc.constantFrom(...COMPRESSION_NAMES),
    madeBy: fc.constantFrom('flush', 'compaction', 'ingest', 'unknown'),
  })
  .map(({ keys, file, ...rest }): TableInfo => {
    const [smallestKey, largestKey] = keys.sort(compareBytes);
    return { file, name: tableFileName(file), smallestKey, largestKey, ...rest };
  });

const level = fc.nat({ max: 63 });
const family = fc.nat({ max: 5 });
const maybe = (value: fc.Arbitrary<number>): fc.Arbitrary<number | undefined> =>
  fc.option(value, { nil: undefined });

const options: fc.Arbitrary<FamilyOptions> = fc.record(
  { memtableSize: number, compaction: fc.constantFrom('leveled', 'size-tiered') },
  { requiredKeys: [] },
);

const edit: fc.Arbitrary<VersionEdit> = fc.record({
  comparator: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
  addedLogs: fc.array(number, { maxLength: 3 }),
  oldestLog: maybe(number),
  endedLog: maybe(number),
  nextFile: maybe(number),
  lastSequence: maybe(number),
  added: fc.array(fc.record({ family, level, table: tableInfo }), { maxLength: 4 }),
  removed: fc.array(fc.record({ family, level, file: number }), { maxLength: 4 }),
  cursors: fc.array(fc.record({ family, level, key }), { maxLength: 3 }),
  createdFamilies: fc.array(fc.record({ id: family, name: fc.string({ unit: 'binary' }) })),
  droppedFamilies: fc.array(family, { maxLength: 2 }),
  familyOptions: fc.array(fc.record({ family, options }), { maxLength: 2 }),
  flushed: fc.array(fc.record({ family, sequence: number }), { maxLength: 2 }),
  nextFamily: maybe(family),
  timeMicros: number,
});

/** What `decodeEdit` throws. */
function refusal(bytes: Uint8Array): unknown {
  try {
    decodeEdit(bytes, 'MANIFEST-000001', 1000);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

describe('an edit', () => {
  test('reads back as it was written', () => {
    fc.assert(
      fc.property(edit, (written) => {
        expect(decodeEdit(encodeEdit(written), 'MANIFEST-000001', 0)).toEqual(written);
      }),
    );
  });

  test('has its fields skipped when they are odd and unknown, refused when even', () => {
    const known = encodeEdit({ ...EMPTY_EDIT, nextFile: 77 });
    const odd = Uint8Array.of(99, 2, 1, 2, ...known);
    expect(decodeEdit(odd, 'MANIFEST-000001', 0).nextFile).toBe(77);
    const even = Uint8Array.of(...known, 100, 2, 1, 2);
    expect(refusal(even)).toMatchObject({ code: 'NOT_SUPPORTED', offset: 1000 + known.length });
  });

  test('says where it is damaged, whatever byte is changed or missing', () => {
    const whole = encodeEdit({
      ...addition([[1, table(3, 'apple', 'pear')]]),
      comparator: 'lsm-lens.bytewise',
      removed: [{ family: 0, level: 0, file: 2 }],
      cursors: [{ family: 0, level: 1, key: Uint8Array.of(1, 2) }],
    });
    const cut = Array.from(whole, (_, length) => refusal(whole.slice(0, length)));
    const changed = Array.from(whole, (byte, index) => refusal(whole.with(index, byte ^ 0xff)));
    const refusals = [...cut, ...changed].filter((thrown) => thrown !== undefined);
    expect(refusals.length).toBeGreaterThan(whole.length);
    expect(refusals.filter((thrown) => !(thrown instanceof LsmError))).toEqual([]);
  });

  test('refuses a table that ends before it begins, and a level beyond any', () => {
    const reversed = encodeEdit(addition([[1, table(3, 'pear', 'apple')]]));
    expect(refusal(reversed)).toMatchObject({ code: 'CORRUPTION' });
    const deep = encodeEdit({ ...EMPTY_EDIT, removed: [{ family: 0, level: 64, file: 2 }] });
    expect(refusal(deep)).toMatchObject({ code: 'CORRUPTION' });
  });
});
