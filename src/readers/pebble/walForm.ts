// Pebble's logs (record/record.go): LevelDB's pieces, those with the number of their log, and since
// version 20 of the store those that tell besides up to where the log was synced.
//
//   type     what
//   -------  ----------------------------------------------------------------
//   1 - 4    a record, as in LevelDB
//   5 - 8    the same, after the type the lower 32 bits of the log's number
//   9 - 12   the same, after that the offset up to which the log is synced, uint64

import { HEADER_BYTES } from '../recordLog/logForm.ts';
import type { LogForm, PieceForm } from '../recordLog/logForm.ts';

const PLACES = ['whole', 'first', 'middle', 'last'] as const;
const HEADERS = [HEADER_BYTES, HEADER_BYTES + 4, HEADER_BYTES + 12];

function pieceOf(type: number): PieceForm | undefined {
  const headerBytes = HEADERS[Math.floor((type - 1) / PLACES.length)];
  if (headerBytes === undefined) return undefined;
  const tellsSynced = headerBytes === HEADERS[2];
  return { place: PLACES[(type - 1) % PLACES.length]!, headerBytes, tellsSynced };
}

/** @param logNumber the log's */
export function pebbleWalForm(logNumber: number): LogForm {
  return { pieceOf, endsAtDamage: true, endsAtHole: true, logNumber };
}
