// The properties block: what is true of a whole table, as one MessagePack map from the field names
// below to their values. Unknown fields are passed over, so later versions may add some.

import { Packr } from 'msgpackr/pack';
import { compareBytes } from '../../base/bytes.ts';
import { COMPRESSION_NAMES } from '../../base/compression/blockCodec.ts';
import type { CompressionName } from '../../base/compression/blockCodec.ts';
import { corruption, LsmError } from '../../base/errors.ts';
import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import { COMPARATOR_NAME } from '../internalKey.ts';
import { BLOCK_TRAILER_BYTES } from './blockTrailer.ts';
import { checkMessagePack } from './messagePackShape.ts';

/** Field names are on disk: DO NOT CHANGE. */
export interface TableProperties {
  /** The number the file was written under: a table that stands at another's place is noticed. */
  readonly file: FileNumber;
  readonly family: number;
  /** How keys are ordered. */
  readonly comparator: string;
  readonly entries: number;
  readonly tombstones: number;
  readonly distinctKeys: number;
  /** They are no entries: `entries` and `tombstones` leave them out. */
  readonly rangeDeletes: number;
  readonly smallestKey: Uint8Array;
  readonly largestKey: Uint8Array;
  readonly smallestSequence: number;
  readonly largestSequence: number;
  /** Wall clock of the oldest and newest write, microseconds since 1970. */
  readonly smallestTimestampMicros: number;
  readonly largestTimestampMicros: number;
  readonly createdMicros: number;
  /** Keys and values before prefix compression and block compression. */
  readonly rawKeyBytes: number;
  readonly rawValueBytes: number;
  readonly dataBlocks: number;
  /** Data blocks with their trailers. */
  readonly dataSizeBytes: number;
  /** Tried on each data block; those that it made hardly smaller are stored as they are. */
  readonly compression: CompressionName;
  /** Data blocks before compression, without their trailers. */
  readonly rawDataSizeBytes: number;
  readonly blockSize: number;
  readonly blockRestartInterval: number;
  /** Parts that the index is in; 0 when it is one block. */
  readonly indexPartitions: number;
  /** Bits for each key as asked for; Monkey may have given this table more or less. */
  readonly bloomBitsPerKey: number;
  /** Name of what took prefixes from keys (prefixExtractor.ts); empty for none. */
  readonly prefixExtractor: string;
  /** Distinct prefixes in the filter. */
  readonly filterPrefixes: number;
  readonly madeBy: TableInfo['madeBy'];
  /** The tables it was merged from; empty for a flush. */
  readonly inputs: readonly FileNumber[];
  /**
   * Ingested tables that were in the family before the job began, and share keys with this one: the
   * number of each, then its sequence number (`ingest/ingestedTable.ts`). Left out when none.
   */
  readonly ingested: readonly number[];
}

const NUMBERS = [
  'file',
  'family',
  'entries',
  'tombstones',
  'distinctKeys',
  'rangeDeletes',
  'smallestSequence',
  'largestSequence',
  'smallestTimestampMicros',
  'largestTimestampMicros',
  'createdMicros',
  'rawKeyBytes',
  'rawValueBytes',
  'dataBlocks',
  'dataSizeBytes',
  'rawDataSizeBytes',
  'blockSize',
  'blockRestartInterval',
  'indexPartitions',
  'bloomBitsPerKey',
  'filterPrefixes',
] as const;

const MAKERS: readonly string[] = ['flush', 'compaction', 'ingest', 'unknown'];

const packr = new Packr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' });

/** The block's bytes, without the trailer. */
export function encodeProperties(properties: TableProperties): Uint8Array {
  const { ingested, ...always } = properties;
  return new Uint8Array(packr.pack(ingested.length === 0 ? always : properties));
}

/**
 * Reads a properties block.
 * @throws LsmError `CORRUPTION` when a field is missing or impossible, `NOT_SUPPORTED` for keys in
 * another order than ours.
 */
export function decodeProperties(bytes: Uint8Array, file: string, offset: number): TableProperties {
  checkMessagePack(bytes, file, offset);
  const fields = withLaterFields(unpackMap(bytes, file, offset));
  const damaged = (name: string): LsmError =>
    corruption(`property ${name} is ${describe(fields[name])}`, file, offset);
  for (const name of NUMBERS) {
    const value = fields[name];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw damaged(name);
  }
  for (const name of ['smallestKey', 'largestKey']) {
    if (!(fields[name] instanceof Uint8Array)) throw damaged(name);
  }
  if (!MAKERS.includes(fields['madeBy'] as string)) throw damaged('madeBy');
  if (!COMPRESSION_NAMES.includes(fields['compression'] as CompressionName)) {
    throw damaged('compression');
  }
  for (const name of ['inputs', 'ingested']) if (!areNumbers(fields[name])) throw damaged(name);
  if ((fields['ingested'] as readonly number[]).length % 2 !== 0) throw damaged('ingested');
  for (const name of ['comparator', 'prefixExtractor']) {
    if (typeof fields[name] !== 'string') throw damaged(name);
  }
  checkComparator(fields['comparator'] as string, file, offset);
  const properties = fields as unknown as TableProperties;
  checkRelations(properties, file, offset);
  return {
    ...properties,
    smallestKey: new Uint8Array(properties.smallestKey),
    largestKey: new Uint8Array(properties.largestKey),
  };
}

function areNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item));
}

/** What the first tables did not say of themselves: there was no such thing then. */
function withLaterFields(fields: Record<string, unknown>): Record<string, unknown> {
  const { dataSizeBytes, dataBlocks } = fields;
  const rawDataSizeBytes = Number(dataSizeBytes) - BLOCK_TRAILER_BYTES * Number(dataBlocks);
  const counts = { rangeDeletes: 0, filterPrefixes: 0, indexPartitions: 0 };
  const later = { compression: 'none', prefixExtractor: '', ...counts, ingested: [] };
  return { ...later, rawDataSizeBytes, ...fields };
}

function unpackMap(bytes: Uint8Array, file: string, offset: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = packr.unpack(bytes);
  } catch (cause) {
    const message = `${file} at byte ${offset}: the properties are no MessagePack`;
    throw new LsmError('CORRUPTION', message, { file, offset, cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw corruption('the properties are no map', file, offset);
  }
  return value as Record<string, unknown>;
}

function checkComparator(comparator: string, file: string, offset: number): void {
  if (comparator === COMPARATOR_NAME) return;
  throw new LsmError(
    'NOT_SUPPORTED',
    `${file} orders its keys by "${comparator}"; this version knows "${COMPARATOR_NAME}"`,
    { file, offset },
  );
}

function checkRelations(properties: TableProperties, file: string, offset: number): void {
  const { entries, distinctKeys, rangeDeletes, tombstones, dataBlocks } = properties;
  const hasEntries = entries > 0 ? 1 : 0;
  const possible =
    entries + rangeDeletes >= 1 &&
    tombstones <= entries &&
    distinctKeys >= hasEntries &&
    distinctKeys <= entries &&
    dataBlocks >= hasEntries &&
    dataBlocks <= entries &&
    properties.smallestSequence <= properties.largestSequence &&
    properties.smallestTimestampMicros <= properties.largestTimestampMicros &&
    compareBytes(properties.smallestKey, properties.largestKey) <= 0;
  if (!possible) throw corruption('the properties contradict each other', file, offset);
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'number' ? String(value) : `a ${typeof value}`;
}
