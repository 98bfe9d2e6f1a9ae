// From what a table keeps under a kind to the value that RocksDB's get would answer.

import { encodeHex } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import { entryKindOf } from '../internalKey.ts';
import { readBlobIndex } from './blobIndex.ts';
import type { BlobFiles } from './blobFiles.ts';
import {
  CODE_BLOB_INDEX,
  CODE_VALUE,
  CODE_VALUE_PREFERRED_SEQUENCE,
  CODE_WIDE_COLUMN_ENTITY,
} from './entryCodes.ts';
import { defaultColumn, readWideColumns } from './wideColumns.ts';

const PREFERRED_SEQUENCE_BYTES = 8;

/** A version as a table or a log has it. */
export interface StoredVersion {
  /** The user's key. */
  readonly key: Uint8Array;
  /** The kind's number on disk. */
  readonly code: number;
  readonly value: Uint8Array;
  /** Where it stands, for errors. */
  readonly file: string;
  readonly offset: number;
}

/**
 * The value of a version; it may be a view of what was stored. `undefined` for kinds that have
 * none: tombstones, and operands of merges.
 * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` or `IO`.
 */
export function valueOf(version: StoredVersion, blobs: BlobFiles): Uint8Array | undefined {
  const { code, value } = version;
  switch (code) {
    case CODE_VALUE:
      return value;
    case CODE_BLOB_INDEX:
      return valueOfBlobIndex(version, blobs);
    case CODE_WIDE_COLUMN_ENTITY: {
      const column = defaultColumn(readWideColumns(value, version.file, version.offset));
      if (column === undefined) return new Uint8Array(0);
      if (!column.isBlobIndex) return column.value;
      return valueOfBlobIndex({ ...version, value: column.value }, blobs);
    }
    case CODE_VALUE_PREFERRED_SEQUENCE:
      return value.subarray(0, Math.max(0, value.length - PREFERRED_SEQUENCE_BYTES));
    default:
      if (entryKindOf(code) === undefined) throw notKnown(version);
      return undefined;
  }
}

/** It may be a value or say that there is none: nobody can tell. */
function notKnown({ code, key }: StoredVersion): LsmError {
  const message = `the key ${encodeHex(key)} has an entry of kind ${code}, not known here`;
  return new LsmError('NOT_SUPPORTED', message);
}

function valueOfBlobIndex(version: StoredVersion, blobs: BlobFiles): Uint8Array {
  const { key, value, file, offset } = version;
  const index = readBlobIndex(value, file, offset);
  if (index.kind === 'inlined') return index.value;
  if (index.file === 0) {
    const message = `${file} at byte ${offset}: values inside of a table are not known here`;
    throw new LsmError('NOT_SUPPORTED', message, { file, offset });
  }
  return blobs.value(index, key);
}
