// Names of the files in a LevelDB directory (db/filename.cc). Nothing else in it is looked at, so
// no name from a file's content can lead out of the directory.

/** What a name says. */
export type LeveldbFile =
  | { readonly kind: 'current' | 'lock' | 'info-log' }
  | { readonly kind: 'manifest' | 'log' | 'table' | 'temporary'; readonly number: number };

/** The file that names the manifest. */
const CURRENT_NAME = 'CURRENT';

const NUMBERED: readonly (readonly [RegExp, 'manifest' | 'log' | 'table' | 'temporary'])[] = [
  [/^MANIFEST-(\d{1,16})$/, 'manifest'],
  [/^(\d{1,16})\.log$/, 'log'],
  // `.sst` until 2012; a reader takes both.
  [/^(\d{1,16})\.(?:ldb|sst)$/, 'table'],
  [/^(\d{1,16})\.dbtmp$/, 'temporary'],
];

/** What a name says; `undefined` for one that is none of LevelDB's. */
export function parseLeveldbName(name: string): LeveldbFile | undefined {
  if (name === CURRENT_NAME) return { kind: 'current' };
  if (name === 'LOCK') return { kind: 'lock' };
  if (name === 'LOG' || name === 'LOG.old') return { kind: 'info-log' };
  for (const [pattern, kind] of NUMBERED) {
    const digits = pattern.exec(name)?.[1];
    if (digits !== undefined) return { kind, number: Number(digits) };
  }
  return undefined;
}

/** The files of one kind, by their numbers. */
export function numberedNames(
  names: readonly string[],
  kind: 'manifest' | 'log' | 'table',
): readonly { readonly name: string; readonly number: number }[] {
  const found: { name: string; number: number }[] = [];
  for (const name of names) {
    const file = parseLeveldbName(name);
    if (file !== undefined && 'number' in file && file.kind === kind)
      found.push({ name, number: file.number });
  }
  return found.sort((left, right) => left.number - right.number);
}
