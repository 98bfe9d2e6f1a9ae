// The events of reads: a get through memtables and tables, a scan, the block cache. A get gives one
// burst of them, in the order in which the places were asked.

import type {
  FileNumber,
  FilterProbe,
  HalvingStep,
  OperationId,
  SearchStep,
  SequenceNumber,
  Tied,
} from './events.ts';

export type ReadEvent =
  | (Tied & {
      readonly kind: 'get.begin';
      readonly operation: OperationId;
      readonly family: number;
      readonly key: Uint8Array;
      /** Versions above this are invisible to the reader. */
      readonly sequence: SequenceNumber;
      readonly snapshot: boolean;
    })
  | (Tied & {
      readonly kind: 'memtable.lookup';
      readonly operation: OperationId;
      readonly memtable: number;
      readonly immutable: boolean;
      readonly path: readonly SearchStep[];
      readonly result: 'found' | 'tombstone' | 'operand' | 'absent';
      /** The newest range delete in it over the key that the reader sees; 0 for none. */
      readonly coveredBy: SequenceNumber;
      readonly sequence: SequenceNumber;
      /** Versions newer than the reader's sequence that were passed over. */
      readonly passedOver: number;
    })
  | (Tied & {
      readonly kind: 'table.skip';
      readonly operation: OperationId;
      readonly level: number;
      readonly file: FileNumber;
      readonly reason: 'key-range' | 'prefix-filter';
    })
  | (Tied & {
      readonly kind: 'filter.check';
      readonly operation: OperationId;
      readonly level: number;
      readonly file: FileNumber;
      readonly hash: readonly [number, number];
      readonly bitCount: number;
      /** The 64-byte line all probes fall into: its running number and its bytes. */
      readonly line: number;
      readonly lineBytes: Uint8Array;
      /** In order; stops at the first unset bit. */
      readonly probes: readonly FilterProbe[];
      readonly probesMax: number;
      readonly verdict: 'absent' | 'maybe';
      readonly predictedFalsePositiveRate: number;
      /** RocksDB's other filter, and Pebble's; absent for a Bloom filter. */
      readonly filterKind?: 'ribbon' | 'fuse';
    })
  | (Tied & {
      readonly kind: 'index.seek';
      readonly operation: OperationId;
      readonly level: number;
      readonly file: FileNumber;
      readonly blocks: number;
      readonly steps: readonly HalvingStep[];
      /** The data block that may hold the key, or -1. */
      readonly block: number;
    })
  | (Tied & {
      readonly kind: 'block.read';
      /** 0 when a job reads it. */
      readonly operation: OperationId;
      readonly file: FileNumber;
      readonly block: number;
      readonly offset: number;
      readonly sizeBytes: number;
      readonly rawSizeBytes: number;
      readonly cacheHit: boolean;
      readonly durationMicros: number;
      readonly cacheSizeBytes: number;
      readonly cacheBlocks: number;
    })
  | (Tied & {
      readonly kind: 'block.search';
      readonly operation: OperationId;
      readonly level: number;
      readonly file: FileNumber;
      readonly block: number;
      readonly steps: readonly HalvingStep[];
      /** Entries decoded one by one after the restart point. */
      readonly entriesDecoded: number;
      readonly result: 'found' | 'tombstone' | 'operand' | 'absent';
      readonly sequence: SequenceNumber;
      readonly passedOver: number;
      /** The filter had said "maybe". */
      readonly falsePositive: boolean;
    })
  | (Tied & {
      readonly kind: 'get.operand';
      readonly operation: OperationId;
      readonly source: 'memtable' | 'immutable' | 'table';
      readonly level: number;
      readonly file: FileNumber;
      readonly sequence: SequenceNumber;
      readonly operandSizeBytes: number;
      /** At most the first 64 bytes. */
      readonly operandPreview: Uint8Array;
      /** Gathered so far, this one included; the newest comes first. */
      readonly operands: number;
    })
  | (Tied & {
      readonly kind: 'get.merge';
      readonly operation: OperationId;
      /** Name of the merge operator; empty when the family has none. */
      readonly operator: string;
      readonly operands: number;
      /** Of the value they are merged onto; 0 when there is none. */
      readonly baseSequence: SequenceNumber;
      readonly outcome: 'merged' | 'failed';
      readonly valueSizeBytes: number;
      readonly valuePreview: Uint8Array;
      readonly durationMicros: number;
    })
  | (Tied & {
      readonly kind: 'get.end';
      readonly operation: OperationId;
      readonly result: 'found' | 'tombstone' | 'expired' | 'failed' | 'absent';
      /** The newest range delete over the key in the place that answered; 0 for none. */
      readonly coveredBy: SequenceNumber;
      readonly source: 'memtable' | 'immutable' | 'table' | 'none';
      readonly level: number;
      readonly file: FileNumber;
      readonly sequence: SequenceNumber;
      readonly valueSizeBytes: number;
      readonly valuePreview: Uint8Array;
      /** Merge operands that make the value; 0 when it was put as it is. */
      readonly operands: number;
      readonly tablesConsidered: number;
      readonly filterNegatives: number;
      readonly blocksRead: number;
      readonly blocksFromCache: number;
      readonly durationMicros: number;
    })
  | (Tied & {
      readonly kind: 'scan.begin';
      readonly operation: OperationId;
      readonly family: number;
      readonly from: Uint8Array | null;
      readonly to: Uint8Array | null;
      readonly reverse: boolean;
      readonly sequence: SequenceNumber;
      /** Memtables and tables merged. */
      readonly sources: number;
    })
  | (Tied & {
      readonly kind: 'scan.end';
      readonly operation: OperationId;
      readonly entries: number;
      readonly versionsSkipped: number;
      readonly tombstonesSkipped: number;
      readonly blocksRead: number;
      readonly durationMicros: number;
    })
  | (Tied & {
      readonly kind: 'cache.evict';
      readonly file: FileNumber;
      readonly offset: number;
      readonly sizeBytes: number;
      readonly cacheSizeBytes: number;
      readonly cacheBlocks: number;
    });
