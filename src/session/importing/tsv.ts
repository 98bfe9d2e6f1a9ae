// Tab-separated values: the first line names the columns; a tab always separates, nothing is quoted
// and nothing escaped.

import { LsmError } from '../../base/errors.ts';
import { Columns } from './columns.ts';
import { LinesReader } from './linesReader.ts';
import { lineText } from './lineText.ts';
import type { RecordReader } from './reading.ts';

/** A reader of one TSV file. */
export function tsvReader(keyField: string): RecordReader {
  let columns: Columns | null = null;
  return new LinesReader((line) => {
    const { text, fault } = lineText(line);
    if (columns === null) {
      if (fault !== undefined) throw new LsmError('INVALID_ARGUMENT', `line 1: ${fault}`);
      columns = new Columns(text.split('\t'), keyField);
      return undefined;
    }
    if (fault !== undefined) return { kind: 'problem', line: line.number, message: fault };
    return text === '' ? undefined : columns.entryOf(text.split('\t'), line.number);
  });
}
