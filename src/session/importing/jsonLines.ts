// JSON Lines: one JSON object a line. The entry's value is the line as it stands, so numbers and
// the order of fields stay as they were written.

import { encodeUtf8 } from '../../base/bytes.ts';
import { LinesReader } from './linesReader.ts';
import { lineText } from './lineText.ts';
import type { Reading, RecordReader } from './reading.ts';

/** A reader of one JSON Lines file. */
export function jsonLinesReader(keyField: string): RecordReader {
  return new LinesReader((line) => {
    const { text, fault } = lineText(line);
    if (fault !== undefined) return { kind: 'problem', line: line.number, message: fault };
    const trimmed = text.trim();
    return trimmed === '' ? undefined : entryOf(trimmed, keyField, line.number);
  });
}

function entryOf(text: string, keyField: string, line: number): Reading {
  const key = keyOf(text, keyField);
  if (typeof key === 'object') return { kind: 'problem', line, message: key.fault };
  return { kind: 'record', line, key: encodeUtf8(key), value: encodeUtf8(text) };
}

/** The record's key as text, or why it has none. */
function keyOf(text: string, keyField: string): string | { readonly fault: string } {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (thrown) {
    return { fault: `no JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    return { fault: 'no JSON object' };
  }
  if (!Object.hasOwn(record, keyField)) return { fault: `there is no field "${keyField}"` };
  const key: unknown = (record as Record<string, unknown>)[keyField];
  if (typeof key === 'number') return String(key);
  if (typeof key !== 'string') return { fault: `field "${keyField}" is no text and no number` };
  return key === '' ? { fault: 'the key is empty' } : key;
}
