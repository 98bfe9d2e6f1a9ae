// The format of an import by the file's name, as all three ways to import tell it.

import { expect, it } from 'vitest';
import { formatOfName } from '../../src/protocol/importFormat.ts';

it('goes by the ending, whatever its case, and knows nothing else', () => {
  const names = ['a.csv', 'a.b.TSV', '/dir.csv/a.tab', 'a.jsonl', 'a.ndjson'];
  expect(names.map(formatOfName)).toEqual(['csv', 'tsv', 'tsv', 'jsonl', 'jsonl']);
  const others = ['csv', 'a', 'a.', 'a.txt', 'dir.csv/a', 'a.constructor'];
  expect(others.map(formatOfName)).toEqual(others.map(() => undefined));
});
