// The OPTIONS file in which RocksDB writes down what it was opened with
// (options/options_parser.cc): sections of `name=value` lines.
//
//   [Version]                              rocksdb_version=7.8.3
//   [DBOptions]                            wal_compression=kZSTD
//   [CFOptions "default"]                  merge_operator={id=StringAppendOperator;delimiter=,;}
//   [TableOptions/BlockBasedTable "default"]
//
// A backslash takes the meaning from the character after it; what follows a `#` is for people.

import type { ForeignDirectory } from '../foreignDirectory.ts';
import { numberedNames } from './fileNames.ts';

/** Of one value: text where it is neither a number nor true or false. */
export type OptionValue = string | number | boolean;
/** One section. */
export type OptionSection = Readonly<Record<string, OptionValue>>;

/** What one column family was opened with. */
export interface FamilyOptions {
  readonly values: OptionSection;
  /** E.g. `BlockBasedTable`; empty when it is not told. */
  readonly tableFormat: string;
  readonly table: OptionSection;
}

/** What a store was opened with. */
export interface StoreOptions {
  /** Of the file; empty when there is none. */
  readonly fileName: string;
  readonly rocksdbVersion: string;
  readonly database: OptionSection;
  readonly families: ReadonlyMap<string, FamilyOptions>;
}

const OPTIONS_BYTES_MAX = 16 * 1024 * 1024;
const SECTION = /^\[(\w+)(?:\/(\w+))?(?: "(.*)")?\]$/;

const NO_FAMILY_OPTIONS: FamilyOptions = { values: {}, tableFormat: '', table: {} };

/** The newest OPTIONS file; without one all is empty. */
export function readStoreOptions(directory: ForeignDirectory): StoreOptions {
  const fileName = numberedNames(directory.names(), 'options').at(-1)?.name ?? '';
  const text = fileName === '' ? '' : directory.readStart(fileName, OPTIONS_BYTES_MAX);
  return parseOptions(text, fileName);
}

/** What a family was opened with; empty when it is not told. */
export function optionsOf({ families }: StoreOptions, family: string): FamilyOptions {
  return families.get(family) ?? NO_FAMILY_OPTIONS;
}

/** A number; `otherwise` where it is absent. */
export function numberOption(section: OptionSection, name: string, otherwise: number): number {
  const value = section[name];
  return typeof value === 'number' ? value : otherwise;
}

/** A text; empty where it is absent. */
export function textOption(section: OptionSection, name: string): string {
  const value = section[name];
  return value === undefined ? '' : String(value);
}

/**
 * The parts of a value like `{id=StringAppendOperator;delimiter=,;}`; of a plain one, `id` alone.
 */
export function nestedOptions(value: string): Readonly<Record<string, string>> {
  if (!value.startsWith('{')) return { id: value };
  const parts = splitOutside(value.slice(1, value.endsWith('}') ? -1 : undefined));
  return Object.fromEntries(
    parts.map((part) => {
      const equals = part.indexOf('=');
      return [part.slice(0, equals).trim(), unescaped(part.slice(equals + 1))];
    }),
  );
}

/** Takes the text of such a file apart; lines that are none of it are passed over. */
export function parseOptions(text: string, fileName: string): StoreOptions {
  const sections: Record<string, Record<string, OptionValue>> = { Version: {}, DBOptions: {} };
  const families = new Map<string, MutableFamily>();
  let current: Record<string, OptionValue> = {};
  for (const line of text.split('\n').map((each) => each.trim())) {
    const heading = SECTION.exec(line);
    if (heading !== null) {
      current = sectionFor(heading, sections, families);
      continue;
    }
    const equals = line.indexOf('=');
    if (line.startsWith('#') || equals <= 0) continue;
    current[line.slice(0, equals)] = typed(line.slice(equals + 1));
  }
  const rocksdbVersion = String(sections['Version']!['rocksdb_version'] ?? '');
  return { fileName, rocksdbVersion, database: sections['DBOptions']!, families };
}

interface MutableFamily {
  values: Record<string, OptionValue>;
  tableFormat: string;
  table: Record<string, OptionValue>;
}

function sectionFor(
  [, kind = '', format = '', quoted]: RegExpExecArray,
  sections: Record<string, Record<string, OptionValue>>,
  families: Map<string, MutableFamily>,
): Record<string, OptionValue> {
  if (quoted === undefined) return (sections[kind] ??= {});
  const name = unescaped(quoted);
  const family = families.get(name) ?? { values: {}, tableFormat: '', table: {} };
  families.set(name, family);
  if (kind === 'CFOptions') return family.values;
  family.tableFormat = format;
  return family.table;
}

function typed(value: string): OptionValue {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

/** At semicolons that stand neither inside of braces nor behind a backslash. */
function splitOutside(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (character === '\\') part += character + (text[++index] ?? '');
    else if (character === ';' && depth === 0) {
      parts.push(part);
      part = '';
    } else {
      if (character === '{') depth++;
      if (character === '}') depth--;
      part += character;
    }
  }
  return [...parts, part].filter((each) => each.includes('='));
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r' };
