// What engines make of a record log: which types of pieces there are, and what comes after damage.

import { loadUint32 } from '../../base/byteReader.ts';
import { unmaskCrc32 } from '../../base/crc32.ts';
import { crc32c } from '../../base/crc32c.ts';

export const BLOCK_BYTES = 32_768;
/** Bytes before the content of a piece: checksum, length, type. */
export const HEADER_BYTES = 7;

/** What a type of piece says. */
export interface PieceForm {
  /** Of a record; `ignored`: of something that may be passed over. */
  readonly place: 'whole' | 'first' | 'middle' | 'last' | 'ignored';
  /** More than `HEADER_BYTES` where the log's number, uint32, follows the type. */
  readonly headerBytes: number;
  /** It tells, behind the log's number, up to where the log was synced: uint64. */
  readonly tellsSynced?: boolean;
}

/** An engine's logs. */
export interface LogForm {
  /** `undefined` for a type that is not known. */
  readonly pieceOf: (type: number) => PieceForm | undefined;
  /** Behind damage nothing is read; else the next block is. */
  readonly endsAtDamage: boolean;
  /** Neither is it behind zeros where a record should begin; else the next block is. */
  readonly endsAtHole: boolean;
  /** Of this log, where files may be used again; the lower 32 bits stand in its pieces. */
  readonly logNumber: number | undefined;
}

/** Whether the checksum of a piece, which begins at `position`, fits. */
export function isSoundPiece(block: Uint8Array, position: number, end: number): boolean {
  const stored = unmaskCrc32(loadUint32(block, position));
  return crc32c(block, position + HEADER_BYTES - 1, end) === stored;
}

const LEVELDB_PIECES: readonly (PieceForm | undefined)[] = [
  undefined,
  { place: 'whole', headerBytes: HEADER_BYTES },
  { place: 'first', headerBytes: HEADER_BYTES },
  { place: 'middle', headerBytes: HEADER_BYTES },
  { place: 'last', headerBytes: HEADER_BYTES },
];

/** LevelDB's logs and manifests, and RocksDB's manifests. */
export const LEVELDB_FORM: LogForm = {
  pieceOf: (type) => LEVELDB_PIECES[type],
  endsAtDamage: false,
  endsAtHole: false,
  logNumber: undefined,
};
