// What the answers to requests may look like.

import { key, words } from './eventShapes.ts';
import type { BlockDetails, EntriesReply, Reply, TableDetails } from './messages.ts';
import type { Schema } from './schema.ts';
import {
  boolean,
  bytes,
  choice,
  count,
  either,
  list,
  map,
  nullable,
  number,
  optional,
  pair,
  record,
  text,
  union,
} from './schema.ts';
import { storeStatsSchema } from './storeStatsSchema.ts';
import { treeStateSchema } from './treeStateSchema.ts';

/** In the answer to one scan. */
export const RANGE_KEYS_MAX = 100;
const VALUE_SIZE_MAX = 256 * 1024 * 1024;
const value = bytes(VALUE_SIZE_MAX);

const blockDetails: Schema<BlockDetails> = record<BlockDetails>({
  blockKind: choice('data', 'filter', 'index', 'range-tombstones', 'properties', 'footer'),
  offset: count,
  sizeBytes: count,
  rawSizeBytes: count,
  entries: count,
  firstKey: key,
});

const tableDetails: Schema<TableDetails> = record<TableDetails>({
  file: count,
  properties: map(either(number, words), 1000),
  blocks: list(blockDetails, 1_000_000),
});

/** Every kind of answer. */
export const replySchema: Schema<Reply> = union<Reply, 'kind'>('kind', {
  done: record({}),
  value: record({ value: nullable(value) }),
  entries: record<Omit<EntriesReply, 'kind'>>({
    entries: list(pair(key, value), 100_000),
    more: boolean,
    rangeKeys: optional(list(record({ from: key, to: key, suffix: key, value }), RANGE_KEYS_MAX)),
  }),
  stats: record({ stats: storeStatsSchema }),
  state: record({ state: treeStateSchema }),
  table: record({ table: tableDetails }),
  snapshot: record({ sequence: count }),
  transaction: record({ transaction: count, isolation: choice('snapshot', 'serializable') }),
  workload: record({ operations: count, durationMicros: number }),
  import: record({
    report: record({
      imported: count,
      skipped: count,
      problems: list(record({ line: count, message: words }), 1000),
    }),
  }),
  copied: record({
    copy: count,
    into: words,
    entries: count,
    families: list(record({ name: words, entriesLive: count, entriesSha256: words }), 100_000),
  }),
  opened: record({ address: words }),
  trace: record({ bytes: value }),
  error: record({ code: words, message: text(100_000), file: words, offset: number }),
});
