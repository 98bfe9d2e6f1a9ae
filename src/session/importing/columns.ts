// The header of a table in text: which columns there are, which one is the key, and how a row
// becomes an entry.

import { LsmError } from '../../base/errors.ts';
import type { Reading } from './reading.ts';

/** A column and what stands before its value in a record's JSON: `{"id":` or `,"name":`. */
interface ColumnText {
  readonly column: number;
  readonly before: string;
}

/** The columns that a file's first line names. */
export class Columns {
  private readonly count: number;
  private readonly keyColumn: number;
  private readonly texts: readonly ColumnText[];

  /** @throws LsmError `INVALID_ARGUMENT` when no column has the key's name. */
  constructor(names: readonly string[], keyField: string) {
    this.count = names.length;
    this.keyColumn = names.lastIndexOf(keyField);
    if (this.keyColumn === -1) {
      const known = names.map((name) => `"${name}"`).join(', ');
      throw new LsmError(
        'INVALID_ARGUMENT',
        `there is no column "${keyField}"; the file's first line names ${known}`,
      );
    }
    // Of columns with one name the last counts, as in any JSON object.
    this.texts = names
      .map((name, column) => ({ name, column }))
      .filter(({ name, column }) => names.lastIndexOf(name) === column)
      .map(({ name, column }, index) => {
        return { column, before: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:` };
      });
  }

  /**
   * A row as an entry: the key column, and the row as a JSON object of all columns in their order.
   * The text is put together by hand: making an object of each row first takes three times as long.
   */
  entryOf(row: readonly string[], line: number): Reading {
    if (row.length !== this.count) {
      const message = `${row.length} columns instead of ${this.count}`;
      return { kind: 'problem', line, message };
    }
    const key = row[this.keyColumn]!;
    if (key === '') return { kind: 'problem', line, message: 'the key is empty' };
    let text = '';
    for (const { column, before } of this.texts) text += before + JSON.stringify(row[column]);
    return { kind: 'record', line, key: Buffer.from(key), value: Buffer.from(`${text}}`) };
  }
}
