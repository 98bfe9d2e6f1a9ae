// What RocksDB's logs have beyond LevelDB's (db/log_format.h): pieces that bear the number of their
// log, so that a file can be used again without being cleared, and records about the log itself.
//
//   type    what
//   ------  ----------------------------------------------------------------
//   1 - 4   a record, as in LevelDB
//   5 - 8   the same, after the type the lower 32 bits of the log's number
//   9       how all records that follow are compressed: its number, uint32
//   10, 11  sizes of timestamps: (column family uint32, size uint16)*; 11 with the log's number
//   130,131 the log before: its number, size and last sequence; 131 with the log's number
//   128 +   whatever else: may be passed over

import { HEADER_BYTES } from '../recordLog/logForm.ts';
import type { LogForm, PieceForm } from '../recordLog/logForm.ts';

/** What follows is compressed. */
export const TYPE_SET_COMPRESSION = 9;
/** Sizes of user-defined timestamps; the second where the file may be used again. */
export const TYPES_TIMESTAMP_SIZE: readonly number[] = [10, 11];

const NUMBERED_BYTES = HEADER_BYTES + 4;
const PLACES = ['whole', 'first', 'middle', 'last'] as const;
const MAY_BE_IGNORED = 0x80;
const TYPE_PREDECESSOR_NUMBERED = 131;

function pieceOf(type: number): PieceForm | undefined {
  if (type >= 1 && type <= 4) return { place: PLACES[type - 1]!, headerBytes: HEADER_BYTES };
  if (type >= 5 && type <= 8) return { place: PLACES[type - 5]!, headerBytes: NUMBERED_BYTES };
  if (type === TYPE_SET_COMPRESSION || type === 10) {
    return { place: 'whole', headerBytes: HEADER_BYTES };
  }
  if (type === 11) return { place: 'whole', headerBytes: NUMBERED_BYTES };
  if (type < MAY_BE_IGNORED) return undefined;
  const headerBytes = type === TYPE_PREDECESSOR_NUMBERED ? NUMBERED_BYTES : HEADER_BYTES;
  return { place: 'ignored', headerBytes };
}

/**
 * As RocksDB reads its logs at a start (its recovery to a point in time): up to the first damage.
 * @param logNumber the log's
 */
export function walForm(logNumber: number): LogForm {
  return { pieceOf, endsAtDamage: true, endsAtHole: false, logNumber };
}
