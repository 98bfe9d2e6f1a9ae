// What a path looks like before anything is opened: our store, another engine's, an empty
// directory, or something else. Only names and a few magic bytes are read; nothing is written.

import { equalBytes } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import type { Vfs } from '../../base/vfs.ts';
import {
  CURRENT_FILE_NAME,
  LOCK_FILE_NAME,
  manifestFileName,
  parseFileName,
} from '../fileNames.ts';
import type { StoreFile } from '../fileNames.ts';
import { LOG_MAGIC } from '../log/logFormat.ts';
import { recogniseTable } from '../table/recogniseTable.ts';

/** What stands at a path. */
export type Recognition =
  | { readonly kind: 'missing' }
  /** Nothing in it, or what an interrupted creation left. */
  | { readonly kind: 'empty'; readonly leftovers: readonly string[] }
  | { readonly kind: 'store' }
  /** `description` completes the sentence "PATH is …". */
  | { readonly kind: 'other'; readonly description: string };

/** Another engine's directory, told by names in it. */
interface ForeignEngine {
  readonly engine: string;
  /** Each must match some name. */
  readonly signs: readonly RegExp[];
  /** A store of ours has such names too. */
  readonly mayBeOurs?: true;
}

/**
 * The more particular first: RocksDB's and Pebble's directories hold most of LevelDB's names too.
 */
const FOREIGN_ENGINES: readonly ForeignEngine[] = [
  { engine: 'Pebble', signs: [/^marker\.manifest\./] },
  { engine: 'Pebble', signs: [/^marker\.format-version\./] },
  { engine: 'RocksDB', signs: [/^OPTIONS-\d+$/] },
  { engine: 'RocksDB', signs: [/^IDENTITY$/, /^MANIFEST-\d+$/] },
  { engine: 'BadgerDB', signs: [/^KEYREGISTRY$/] },
  { engine: 'BadgerDB', signs: [/^MANIFEST$/, /\.(vlog|mem|sst)$/] },
  { engine: 'Cassandra', signs: [/^[a-z]{1,3}-.+-big-Data\.db$/] },
  { engine: 'Cassandra', signs: [/-(Data|TOC)\.(db|txt)$/] },
  { engine: 'LevelDB', signs: [/\.ldb$/] },
  { engine: 'LevelDB', signs: [/^CURRENT$/, /^MANIFEST-\d+$/], mayBeOurs: true },
];

/** Files whose beginnings or ends tell whose they are; the few of them that every store has. */
const LISTING_KINDS: readonly StoreFile['kind'][] = ['manifest', 'log'];
const PROBED_KINDS: readonly StoreFile['kind'][] = [...LISTING_KINDS, 'table'];

/** Names that a description lists at most. */
const NAMES_SHOWN = 3;

/**
 * Says what stands at `path`.
 * @throws LsmError `IO` when it cannot be looked at.
 */
export function recognise(vfs: Vfs, path: string): Recognition {
  const stat = vfs.stat(path);
  if (stat === undefined) return { kind: 'missing' };
  if (stat.kind === 'file') return { kind: 'other', description: 'a file, not a directory' };
  if (stat.kind === 'other') return { kind: 'other', description: 'not a directory' };
  const names = vfs.list(path).filter((name) => !isIncidental(name));
  const engine = foreignEngineOf(names);
  // Another engine's tables may be thousands: they are not all opened to find that out.
  const kinds = engine === undefined || engine.mayBeOurs ? PROBED_KINDS : LISTING_KINDS;
  if (names.some((name) => isOurs(vfs, path, name, kinds))) {
    return isUnfinished(names) ? { kind: 'empty', leftovers: names } : { kind: 'store' };
  }
  if (isUnfinished(names)) return { kind: 'empty', leftovers: names };
  return { kind: 'other', description: describe(names, engine) };
}

/** The refusal of a path that holds no store of ours. */
export function notAStore(path: string, recognition: Recognition): LsmError {
  const told = ((): string => {
    switch (recognition.kind) {
      case 'missing':
        return `${path} does not exist`;
      case 'empty':
        return `${path} is empty: there is no store in it`;
      case 'store':
        return `${path} is a store`;
      case 'other':
        return `${path} is ${recognition.description}`;
    }
  })();
  return new LsmError('NOT_A_STORE', told, { file: path });
}

/** The lock, its leftovers, and what file managers and version control leave in any directory. */
function isIncidental(name: string): boolean {
  return name === LOCK_FILE_NAME || name.startsWith(`${LOCK_FILE_NAME}.`) || name.startsWith('.');
}

/**
 * CURRENT is the last thing that a store's creation writes: before it there was nothing to lose.
 */
function isUnfinished(names: readonly string[]): boolean {
  return names.every(
    (name) => name === manifestFileName(1) || parseFileName(name)?.kind === 'temporary',
  );
}

/** Whether a file of these kinds begins or ends as only ours do. */
function isOurs(
  vfs: Vfs,
  directory: string,
  name: string,
  kinds: readonly StoreFile['kind'][],
): boolean {
  const kind = parseFileName(name)?.kind;
  if (kind === undefined || !kinds.includes(kind)) return false;
  const path = vfs.join(directory, name);
  if (vfs.stat(path)?.kind !== 'file') return false;
  const file = vfs.open(path, 'read');
  try {
    if (kind === 'table') return recogniseTable(file) !== undefined;
    const head = new Uint8Array(LOG_MAGIC.length);
    return file.read(head, 0, head.length, 0) === head.length && equalBytes(head, LOG_MAGIC);
  } finally {
    file.close();
  }
}

function foreignEngineOf(names: readonly string[]): ForeignEngine | undefined {
  return FOREIGN_ENGINES.find(({ signs }) =>
    signs.every((sign) => names.some((name) => sign.test(name))),
  );
}

function describe(names: readonly string[], foreign: ForeignEngine | undefined): string {
  if (foreign !== undefined) {
    const seen = foreign.signs.map((sign) => names.find((name) => sign.test(name)));
    return `a ${foreign.engine} directory (it has ${seen.join(' and ')}), not one of LSM Lens`;
  }
  if (names.includes(CURRENT_FILE_NAME)) {
    return 'not a store: it has CURRENT, but no manifest, log or table of LSM Lens';
  }
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
  return `not a store: it holds other files (${shown}${more}); choose an empty directory`;
}
