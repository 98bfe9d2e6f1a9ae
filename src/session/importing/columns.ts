// The header of a table in text: which columns there are, which one is the key, and how a row
// becomes an entry.

import { encodeUtf8 } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import type { Reading } from './reading.ts';

/** The columns that a file's first line names. */
export class Columns {
  private readonly names: readonly string[];
  private readonly keyColumn: number;

  /** @throws LsmError `INVALID_ARGUMENT` when no column has the key's name. */
  constructor(names: readonly string[], keyField: string) {
    this.names = names;
    this.keyColumn = names.indexOf(keyField);
    if (this.keyColumn === -1) {
      const known = names.map((name) => `"${name}"`).join(', ');
      throw new LsmError(
        'INVALID_ARGUMENT',
        `there is no column "${keyField}"; the file's first line names ${known}`,
      );
    }
  }

  /** A row as an entry: the key column, and the row as a JSON object of all columns. */
  entryOf(row: readonly string[], line: number): Reading {
    if (row.length !== this.names.length) {
      const message = `${row.length} columns instead of ${this.names.length}`;
      return { kind: 'problem', line, message };
    }
    const key = row[this.keyColumn]!;
    if (key === '') return { kind: 'problem', line, message: 'the key is empty' };
    const record = Object.fromEntries(this.names.map((name, column) => [name, row[column]]));
    return {
      kind: 'record',
      line,
      key: encodeUtf8(key),
      value: encodeUtf8(JSON.stringify(record)),
    };
  }
}
