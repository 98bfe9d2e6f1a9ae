// The numbers of those kinds of entries that hold values in tables (RocksDB's db/dbformat.h):
// neither tombstones nor operands.

/** The value itself. */
export const CODE_VALUE = 0x01;
/** Where in a blob file the value stands. */
export const CODE_BLOB_INDEX = 0x11;
/** Columns by name. */
export const CODE_WIDE_COLUMN_ENTITY = 0x16;
/** The value, and after it eight bytes: the sequence number that it would rather have. */
export const CODE_VALUE_PREFERRED_SEQUENCE = 0x18;
