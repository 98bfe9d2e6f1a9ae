// The format of a file to import, as its name tells it: the same on the command line, in VS Code
// and in the page.

import type { ImportFormat } from './messages.ts';

const FORMATS: ReadonlyMap<string, ImportFormat> = new Map([
  ['csv', 'csv'],
  ['tsv', 'tsv'],
  ['tab', 'tsv'],
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
]);

/** The format that a file's ending speaks for, whatever its case; `undefined` for others. */
export function formatOfName(name: string): ImportFormat | undefined {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? undefined : FORMATS.get(name.slice(dot + 1).toLowerCase());
}
