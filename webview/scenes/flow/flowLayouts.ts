// Each close-up's own streams: what flows, between what, and the figures that stand beside it.

import { fileText } from '../../model/keyText.ts';
import { actingFamily } from '../../model/families.ts';
import { counted, formatBytes, formatCount, formatShare } from '../../model/format.ts';
import type { FlowRates, Frame } from '../../model/frame.ts';
import type { FamilyState, FlushJobState } from '../../../src/protocol/treeState.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { heading } from '../drawing/canvas.ts';
import { jobIn } from '../drawing/jobs.ts';
import type { Station, Stream } from './streams.ts';
import { drawStreams } from './streams.ts';

/** Writers, log, memtable. */
export function drawWriteFlow(canvas: Canvas, flow: FlowRates): void {
  const { next } = canvas.frame;
  const writes = rate(flow, 'write.end');
  const syncs = rate(flow, 'wal.sync');
  const segment = next.wal.segments.find(({ file }) => file === next.wal.active);
  const memtable = familyOf(canvas.frame)?.memtable;
  const fill = (memtable?.sizeBytes ?? 0) / Math.max(1, memtable?.capacityBytes ?? 0);
  drawFlow(
    canvas,
    'writes',
    [
      flow.writeBytesPerSecond >= 1 ? `${formatBytes(flow.writeBytesPerSecond)} a second` : '',
      syncs > 0 ? perSecond(syncs, 'sync') : '',
    ]
      .filter((part) => part !== '')
      .join(', '),
    [
      { name: 'writers', value: `#${formatCount(next.lastSequence)}`, tone: 'writing' },
      {
        name: 'log',
        value: unsyncedText(segment?.recordsUnsynced ?? null),
        tone: 'unsynced',
      },
      { name: 'memtable', value: `${formatShare(Math.min(1, fill))} full`, tone: 'writing' },
    ],
    [
      { perSecond: writes, words: perSecond(writes, 'write'), tone: 'writing' },
      { perSecond: writes, words: 'inserted', tone: 'writing' },
    ],
  );
}

/** @param records `null` where no file tells */
function unsyncedText(records: number | null): string {
  return records === null ? 'sync unknown' : `${formatCount(records)} unsynced`;
}

/** Sealed memtable to table; the job's own progress when one is running. */
export function drawFlushFlow(canvas: Canvas): void {
  const { frame } = canvas;
  const running = jobIn(frame) ?? frame.next.jobs.find(({ kind }) => kind === 'flush');
  const job: FlushJobState | undefined = running?.kind === 'flush' ? running : undefined;
  const family = familyOf(frame);
  const tables = family?.levels.find(({ level }) => level === 0)?.tables.length ?? 0;
  const done = job === undefined ? 0 : job.entriesDone / Math.max(1, job.entries);
  const waiting = counted(family?.immutables.length ?? 0, 'sealed memtable');
  drawFlow(
    canvas,
    job === undefined ? 'flushing' : `memtable ${job.memtable} becomes ${fileText(job.file)}`,
    `${waiting} waiting`,
    [
      {
        name: 'memtable',
        value: `${counted(job?.entries ?? 0, 'entry', 'entries')}`,
        tone: 'writing',
      },
      { name: 'level 0', value: counted(tables, 'table'), tone: 'level-0' },
    ],
    [
      {
        perSecond: job?.entriesDone ?? 0,
        words: `${formatShare(done)}, ${formatBytes(job?.bytesWritten ?? 0)} written`,
        tone: 'writing',
      },
    ],
  );
}

/** Gets, filters, blocks. */
export function drawReadFlow(canvas: Canvas, flow: FlowRates): void {
  const { counters } = canvas.frame.next;
  const gets = rate(flow, 'get.end');
  const checks = rate(flow, 'filter.check');
  const blocks = rate(flow, 'block.read');
  const saved = counters.filterNegatives / Math.max(1, counters.filterChecks);
  const hits = counters.cacheHits / Math.max(1, counters.cacheHits + counters.cacheMisses);
  const found = counters.getsFound / Math.max(1, counters.gets);
  drawFlow(
    canvas,
    'reads',
    `${formatCount(counters.filterFalsePositives)} false positives since the store was opened`,
    [
      { name: 'readers', value: `${formatShare(found)} found`, tone: 'reading' },
      { name: 'filters', value: `${formatShare(saved)} ruled out`, tone: 'good' },
      { name: 'blocks', value: `${formatShare(hits)} from cache`, tone: 'reading' },
    ],
    [
      { perSecond: checks, words: perSecond(checks, 'check'), tone: 'reading' },
      { perSecond: blocks, words: perSecond(blocks, 'block'), tone: 'reading' },
    ],
    gets > 0 ? perSecond(gets, 'get') : perSecond(rate(flow, 'scan.end'), 'scan'),
  );
}

function drawFlow(
  canvas: Canvas,
  title: string,
  remark: string,
  stations: readonly Station[],
  streams: readonly Stream[],
  measure = '',
): void {
  const { small, body } = canvas;
  heading(
    canvas,
    [
      [title, { strong: true }],
      [measure, { size: small }],
      [remark, { size: small, tone: 'dim', shorten: 'whole' }],
    ],
    [],
  );
  drawStreams(canvas, stations, streams, body);
}

function rate({ perSecond: rates }: FlowRates, kind: keyof FlowRates['perSecond']): number {
  return rates[kind] ?? 0;
}

function perSecond(value: number, one: string): string {
  const shown = value > 0 && value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  return `${value < 10 ? String(shown) : formatCount(shown)} ${one}s a second`;
}

function familyOf(frame: Frame): FamilyState | undefined {
  return actingFamily(frame) ?? frame.next.families[0];
}
