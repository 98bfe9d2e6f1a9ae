// The OPTIONS file that Pebble writes (options.go): as RocksDB's, under other names. What tells the
// shape of the tree is given under RocksDB's names too.

import type { ForeignDirectory } from '../foreignDirectory.ts';
import { numberedNames } from '../rocksdb/fileNames.ts';
import { parseOptions } from '../rocksdb/optionsFile.ts';
import type { OptionSection, OptionValue, StoreOptions } from '../rocksdb/optionsFile.ts';
import { markerValue } from './markers.ts';

const OPTIONS_BYTES_MAX = 16 * 1024 * 1024;

/** RocksDB's names by Pebble's. */
const SAME_MEANING: Readonly<Record<string, string>> = {
  mem_table_size: 'write_buffer_size',
  merger: 'merge_operator',
};

/** The newest OPTIONS file; its version is that of the store's format. */
export function readPebbleOptions(directory: ForeignDirectory): StoreOptions {
  const names = directory.names();
  const fileName = numberedNames(names, 'options').at(-1)?.name ?? '';
  const text = fileName === '' ? '' : directory.readStart(fileName, OPTIONS_BYTES_MAX);
  const { database } = parseOptions(asRocksdbs(text), fileName);
  const marked = markerValue(names, 'format-version');
  const version = marked ?? String(database['format_major_version'] ?? '');
  const values = { ...database, ...sameMeaning(database) };
  return {
    fileName,
    rocksdbVersion: version === '' ? '' : `format ${Number(version)}`,
    database,
    families: new Map([['default', { values, tableFormat: '', table: {} }]]),
  };
}

/** One section for the store; those of levels have the level before each name. */
function asRocksdbs(text: string): string {
  let prefix = '';
  const lines = text.split('\n').map((line) => {
    const trimmed = line.trim();
    const level = /^\[Level "(\d+)"\]$/.exec(trimmed)?.[1];
    if (level !== undefined) {
      prefix = `level ${level}: `;
      return '[DBOptions]';
    }
    if (trimmed === '[Options]') prefix = '';
    if (trimmed.startsWith('[')) return trimmed === '[Options]' ? '[DBOptions]' : trimmed;
    return trimmed.includes('=') ? `${prefix}${trimmed}` : trimmed;
  });
  return lines.join('\n');
}

function sameMeaning(database: OptionSection): OptionSection {
  const values: Record<string, OptionValue> = {};
  for (const [name, theirs] of Object.entries(SAME_MEANING)) {
    const value = database[name];
    if (value !== undefined) values[theirs] = value;
  }
  return values;
}
