// Pictures kept as text in test/golden/scenes/: a change of what is drawn shows as a difference to
// review (`npx vitest run -u test/webview/scenes/pictures.test.ts` renews them).

import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../../scripts/paths.mjs';
import { emptyState } from '../../../src/protocol/emptyState.ts';
import type { LsmEvent, LsmEventBody } from '../../../src/protocol/events.ts';
import type { Frame } from '../../../webview/model/frame.ts';
import { layoutBloom } from '../../../webview/scenes/bloom/bloomLayout.ts';
import type { Mark } from '../../../webview/scenes/drawing/mark.ts';
import { layoutFlush } from '../../../webview/scenes/flush/flushLayout.ts';
import { layoutMerge } from '../../../webview/scenes/merge/mergeLayout.ts';
import { layoutReadPath } from '../../../webview/scenes/readPath/readPathLayout.ts';
import { layoutWritePath } from '../../../webview/scenes/writePath/writePathLayout.ts';
import { frameAtIndex } from './sampleFrames.ts';
import { svgText } from './svgText.ts';

const utf8 = new TextEncoder();
const key = utf8.encode('user:0500');

/** The frame in the last of these events, in an empty store with one log and one memtable. */
function frameIn(bodies: readonly LsmEventBody[], progress: number): Frame {
  const empty = emptyState();
  const family = empty.families[0]!;
  const memtable = { ...family.memtable, memtable: 8, capacityBytes: 4096 };
  const segment = { file: 21, sizeBytes: 130, syncedBytes: 130, records: 2, recordsUnsynced: 0 };
  const initial = {
    ...empty,
    wal: { active: 21, segments: [segment] },
    families: [{ ...family, memtable }],
  };
  const events = bodies.map((body, index): LsmEvent => ({
    ...body,
    number: index + 1,
    timeMicros: index + 1,
  }));
  return frameAtIndex({ initial, events }, events.length - 1, progress);
}

async function expectPicture(name: string, marks: readonly Mark[]): Promise<void> {
  const file = path.join(root, 'test/golden/scenes', `${name}.svg`);
  await expect(svgText(marks, 420, 130)).toMatchFileSnapshot(file);
}

const begin: LsmEventBody = {
  ...{ kind: 'write.begin', operation: 1, entryCount: 1, sizeBytes: 31, sync: true },
  entries: [{ family: 0, kind: 'put', key, valueSizeBytes: 22, valuePreview: utf8.encode('Ada') }],
};
const group: LsmEventBody = {
  ...{ kind: 'write.group', group: 5, operations: [1], entries: 1, sizeBytes: 31 },
  ...{ firstSequence: 48_211, sync: true },
};
const append: LsmEventBody = {
  ...{ kind: 'wal.append', wal: 21, group: 5, offset: 130, sizeBytes: 64, checksum: 0x8f3a12c4 },
  ...{ syncedOffset: 130, firstSequence: 48_211, entries: 1, walSizeBytes: 194, walRecords: 3 },
  walRecordsUnsynced: 1,
};
const check: LsmEventBody = {
  ...{ kind: 'filter.check', operation: 2, level: 0, file: 17, hash: [0x8f3a12c4, 0x51d0e977] },
  ...{ bitCount: 1024, line: 1, probesMax: 6, verdict: 'absent' },
  lineBytes: Uint8Array.from({ length: 64 }, (_, at) => (at * 37) & 0xff),
  probes: [
    { bit: 512 + 13, set: true },
    { bit: 512 + 68, set: false },
  ],
  predictedFalsePositiveRate: 0.0082,
};
const get: LsmEventBody = {
  ...{ kind: 'get.begin', operation: 2, family: 0, key, sequence: 48_211, snapshot: false },
};

test('the header of a log record opens', async () => {
  await expectPicture('walAppend', layoutWritePath(frameIn([begin, group, append], 0.7), 420, 130));
});

test('a filter says no at its second probe', async () => {
  await expectPicture('filterCheck', layoutBloom(frameIn([get, check], 1), 420, 130));
});

test('a read has asked the memtable and a filter', async () => {
  const lookup: LsmEventBody = {
    ...{ kind: 'memtable.lookup', operation: 2, memtable: 8, immutable: false, path: [] },
    ...{ result: 'absent', coveredBy: 0, sequence: 0, passedOver: 0 },
  };
  await expectPicture('readPath', layoutReadPath(frameIn([get, lookup, check], 0.5), 420, 130));
});

test('shared bytes vanish from a block being built', async () => {
  const entry = (name: string, sharedBytes: number, sequence: number): LsmEventBody => ({
    ...{ kind: 'table.entry', job: 3, file: 22, block: 0, entryKind: 'put', sequence },
    ...{ key: utf8.encode(name), valueSizeBytes: 22, sharedBytes, restart: sharedBytes === 0 },
    filterHash: [0x0bd2958a, 0xfc79d69b],
  });
  const flush: LsmEventBody = {
    ...{ kind: 'flush.begin', job: 3, family: 0, memtable: 8, file: 22, entries: 2 },
    ...{ sizeBytes: 62, reason: 'manual' },
  };
  const events = [flush, entry('user:0498', 0, 48_210), entry('user:0500', 6, 48_211)];
  await expectPicture('tableEntry', layoutFlush(frameIn(events, 0.65), 420, 130));
});

test('the older version of a key falls away', async () => {
  const totals = {
    entriesIn: 2,
    entriesOut: 1,
    shadowed: 1,
    tombstonesDropped: 0,
    rangeDeleted: 0,
    annihilated: 0,
    expired: 0,
    merged: 0,
    rangeDeletesIn: 0,
    rangeDeletesOut: 0,
  };
  const entry: LsmEventBody = {
    ...{ kind: 'compaction.entry', job: 4, lane: 1, file: 17, level: 1, entryKind: 'put', key },
    ...{ sequence: 31_877, valueSizeBytes: 22, output: 0 },
    decision: { verdict: 'drop', because: 'shadowed', by: 48_211 },
    heads: [
      { key: utf8.encode('user:0501'), sequence: 44_870, file: 22, level: 0 },
      { key, sequence: 31_877, file: 17, level: 1 },
    ],
    totals: { ...totals, bytesRead: 62, bytesWritten: 31, waitedMicros: 0 },
  };
  const start: LsmEventBody = {
    ...{ kind: 'compaction.begin', job: 4, family: 0, outputLevel: 1, entries: 9, sizeBytes: 900 },
    ...{ manner: 'merge', snapshots: [] },
    inputs: [
      { level: 0, files: [22] },
      { level: 1, files: [17] },
    ],
  };
  await expectPicture('mergeEntry', layoutMerge(frameIn([start, entry], 0.6), 420, 130));
});
