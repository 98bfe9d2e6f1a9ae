// The order of all entries in memtables, tables and merges: by user key ascending (unsigned bytes,
// a prefix first), and among versions of one key the newest first, so that the first entry a reader
// meets at or below its own sequence number is the one it sees. `iterator/entry.ts` compares in it.

/** Name of the order in manifests and table properties. DO NOT CHANGE. */
export const COMPARATOR_NAME = 'lsm-lens.bytewise';
