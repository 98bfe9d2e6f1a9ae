// What the events of reads may look like; a part of eventSchema.ts.

import { filterProbe, halvingStep, hashWords, key, preview, searchStep } from './eventShapes.ts';
import type { EventSchemas } from './eventSchema.ts';
import type { ReadEvent } from './readEvents.ts';
import { boolean, bytes, choice, count, list, nullable, number, record } from './schema.ts';

const result = choice('found', 'tombstone', 'absent');
const place = { operation: count, level: count, file: count } as const;

/** The kinds of readEvents.ts. */
export const readEventSchemas: EventSchemas<ReadEvent['kind']> = {
  'get.begin': record({
    operation: count,
    family: count,
    key,
    sequence: count,
    snapshot: boolean,
  }),
  'memtable.lookup': record({
    operation: count,
    memtable: count,
    immutable: boolean,
    path: list(searchStep, 10_000),
    result,
    coveredBy: count,
    sequence: count,
    passedOver: count,
  }),
  'table.skip': record({ ...place, reason: choice('key-range', 'prefix-filter') }),
  'filter.check': record({
    ...place,
    hash: hashWords,
    bitCount: count,
    line: count,
    lineBytes: bytes(4096),
    probes: list(filterProbe, 256),
    probesMax: count,
    verdict: choice('absent', 'maybe'),
    predictedFalsePositiveRate: number,
  }),
  'index.seek': record({ ...place, blocks: count, steps: list(halvingStep, 100), block: number }),
  'block.read': record({
    operation: count,
    file: count,
    block: count,
    offset: count,
    sizeBytes: count,
    rawSizeBytes: count,
    cacheHit: boolean,
    durationMicros: number,
    cacheSizeBytes: count,
    cacheBlocks: count,
  }),
  'block.search': record({
    ...place,
    block: number,
    steps: list(halvingStep, 100),
    entriesDecoded: count,
    result,
    sequence: count,
    passedOver: count,
    falsePositive: boolean,
  }),
  'get.end': record({
    ...place,
    level: number,
    result: choice('found', 'tombstone', 'expired', 'absent'),
    coveredBy: count,
    source: choice('memtable', 'immutable', 'table', 'none'),
    sequence: count,
    valueSizeBytes: count,
    valuePreview: preview,
    tablesConsidered: count,
    filterNegatives: count,
    blocksRead: count,
    blocksFromCache: count,
    durationMicros: number,
  }),
  'scan.begin': record({
    operation: count,
    family: count,
    from: nullable(key),
    to: nullable(key),
    reverse: boolean,
    sequence: count,
    sources: count,
  }),
  'scan.end': record({
    operation: count,
    entries: count,
    versionsSkipped: count,
    tombstonesSkipped: count,
    blocksRead: count,
    durationMicros: number,
  }),
  'cache.evict': record({
    file: count,
    offset: count,
    sizeBytes: count,
    cacheSizeBytes: count,
    cacheBlocks: count,
  }),
};
