// Names of the files in a RocksDB directory (file/filename.cc). Nothing else in it is looked at, so
// no name from a file's content can lead out of the directory.

/** Files that bear a number. */
export type NumberedKind = 'manifest' | 'log' | 'table' | 'blob' | 'options';

const PATTERNS: Readonly<Record<NumberedKind, RegExp>> = {
  manifest: /^MANIFEST-(\d{1,16})$/,
  log: /^(\d{1,16})\.log$/,
  table: /^(\d{1,16})\.(?:sst|ldb)$/,
  blob: /^(\d{1,16})\.blob$/,
  options: /^OPTIONS-(\d{1,16})$/,
};

/** A file and its number. */
export interface NumberedName {
  readonly name: string;
  readonly number: number;
}

/** The files of one kind, by their numbers. */
export function numberedNames(names: readonly string[], kind: NumberedKind): NumberedName[] {
  const pattern = PATTERNS[kind];
  const found = names.flatMap((name) => {
    const digits = pattern.exec(name)?.[1];
    return digits === undefined ? [] : [{ name, number: Number(digits) }];
  });
  return found.sort((left, right) => left.number - right.number);
}

/** A table's usual name. */
export function tableName(file: number): string {
  return `${String(file).padStart(6, '0')}.sst`;
}
