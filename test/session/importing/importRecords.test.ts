// Files of records into a target that only remembers: formats, malformed lines, pieces cut
// anywhere, cancelling.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, decodeUtf8, encodeUtf8 } from '../../../src/base/bytes.ts';
import type { ImportFormat, ImportReport } from '../../../src/protocol/messages.ts';
import { importRecords } from '../../../src/session/importing/importRecords.ts';
import type { ImportTarget, KeyAndValue } from '../../../src/session/storeTarget.ts';

class Remembering implements ImportTarget {
  readonly batchBytesMax: number = 1 << 20;
  readonly batches: { readonly entries: readonly KeyAndValue[]; readonly sync: boolean }[] = [];

  async putAll(entries: readonly KeyAndValue[], sync: boolean): Promise<void> {
    this.batches.push({ entries, sync });
  }

  get texts(): [string, string][] {
    return this.batches
      .flatMap(({ entries }) => entries)
      .map(([key, value]) => [decodeUtf8(key), decodeUtf8(value)]);
  }

  get records(): [string, unknown][] {
    return this.texts.map(([key, value]) => [key, JSON.parse(value)]);
  }
}

const scheduler = {
  turn: () => Promise.resolve(),
  sleep: () => Promise.resolve(),
  after: () => ({ cancel: () => undefined }),
};

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function load(
  format: ImportFormat,
  content: string | Uint8Array,
  pieceSize = 1 << 20,
): Promise<{ readonly report: ImportReport; readonly target: Remembering }> {
  const target = new Remembering();
  const bytes = typeof content === 'string' ? encodeUtf8(content) : content;
  const pieces = inPieces(bytes, pieceSize);
  const report = await importRecords(pieces, target, scheduler, { format, keyField: 'id' });
  return { report, target };
}

describe.each([1, 2, 3, 7, 1 << 20])('in pieces of %i bytes', (size) => {
  it('TSV: tabs separate, nothing is quoted', async () => {
    const text = 'id\tname\tnote\r\n1\tone\t"a\r\n2\ttwo\t\n\n3\tthree\tx\ty\n\t\t\n4\t東京\tlast';
    const { report, target } = await load('tsv', text, size);
    expect(target.records).toEqual([
      ['1', { id: '1', name: 'one', note: '"a' }],
      ['2', { id: '2', name: 'two', note: '' }],
      ['4', { id: '4', name: '東京', note: 'last' }],
    ]);
    expect(report).toEqual({
      imported: 3,
      skipped: 2,
      problems: [
        { line: 5, message: '4 columns instead of 3' },
        { line: 6, message: 'the key is empty' },
      ],
    });
  });

  it(
    'CSV: quotes, doubled quotes, line breaks in fields, both ends of lines, a byte order ' +
      'mark',
    async () => {
      const text = '\uFEFFname,id\r\n"one, ""1""",1\r\n"two\nlines",2\nthree\n"x"y,4\n,5\n';
      const { report, target } = await load('csv', text, size);
      expect(target.records).toEqual([
        ['1', { name: 'one, "1"', id: '1' }],
        ['2', { name: 'two\nlines', id: '2' }],
        ['4', { name: '"x"y', id: '4' }],
        ['5', { name: '', id: '5' }],
      ]);
      expect(report.skipped).toBe(1);
      expect(report.problems).toEqual([{ line: 5, message: '1 columns instead of 2' }]);
    },
  );

  it('JSON Lines: the line itself becomes the value', async () => {
    const text =
      '{"id":"a", "n": 1.50}\n\n[1]\n{"id": 7}\nnot json\n{"name":"x"}\n{"id":null}\n{"id":""}';
    const { report, target } = await load('jsonl', text, size);
    expect(target.texts).toEqual([
      ['a', '{"id":"a", "n": 1.50}'],
      ['7', '{"id": 7}'],
    ]);
    expect(report.imported).toBe(2);
    expect(report.problems.map(({ line }) => line)).toEqual([3, 5, 6, 7, 8]);
    expect(report.problems[0]!.message).toBe('no JSON object');
    expect(report.problems[2]!.message).toBe('there is no field "id"');
  });

  it.each(['csv', 'tsv', 'jsonl'] as const)(
    '%s: a line that is no UTF-8 is reported',
    async (format) => {
      const separator = format === 'csv' ? ',' : '\t';
      const lines =
        format === 'jsonl'
          ? ['{"id":"1"}\n', '{"id":"', '"}\n', '{"id":"3"}\n']
          : [`id${separator}n\n1${separator}x\n`, `2${separator}`, '\n', `3${separator}z\n`];
      const [first, before, after, last] = lines.map((line) => encodeUtf8(line));
      const bytes = concatBytes([first!, before!, new Uint8Array([0xc3, 0x28]), after!, last!]);
      const { report, target } = await load(format, bytes, size);
      expect(target.texts.map(([key]) => key)).toEqual(['1', '3']);
      const line = format === 'jsonl' ? 2 : 3;
      expect(report.problems).toEqual([{ line, message: 'the line is not valid UTF-8' }]);
    },
  );
});

describe('an import', () => {
  it('names the columns there are when the key’s is not among them', async () => {
    const wrong = load('tsv', 'name\tcountry\nx\ty\n');
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(wrong).rejects.toThrow(
      'no column "id"; the file\'s first line names "name", "country"',
    );
    await expect(load('csv', 'name,country\nx,y\n')).rejects.toThrow('no column "id"');
  });

  it('of a CSV file with a quote that is never closed says where', async () => {
    const { report } = await load('csv', 'id,name\n1,a\n2,"b\n3,c\n');
    expect(report.imported).toBe(1);
    expect(report.problems).toEqual([
      { line: 3, message: expect.stringContaining('never closed') },
    ]);
  });

  it('writes in batches, the last one durably', async () => {
    const lines = Array.from({ length: 2500 }, (_, index) => `{"id":${index}}`).join('\n');
    const { report, target } = await load('jsonl', lines);
    expect(report.imported).toBe(2500);
    expect(target.batches.map(({ entries, sync }) => [entries.length, sync])).toEqual([
      [1000, false],
      [1000, false],
      [500, true],
    ]);
  });

  it('of columns with one name keeps the last, and the columns’ order', async () => {
    const { target } = await load('tsv', 'id\tx\t7\tx\nk\ta\tb\t"c"\\\n');
    expect(target.texts).toEqual([['k', String.raw`{"id":"k","7":"b","x":"\"c\"\\"}`]]);
  });

  it('keeps a batch within the bytes that the target takes', async () => {
    const target = new Remembering();
    const small = Object.assign(target, { batchBytesMax: 100 });
    const lines = encodeUtf8(
      Array.from({ length: 50 }, (_, index) => `{"id":${index}}`).join('\n'),
    );
    const options = { format: 'jsonl', keyField: 'id' } as const;
    await importRecords(inPieces(lines, 1000), small, scheduler, options);
    const sizes = target.batches.map(({ entries }) =>
      entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0),
    );
    expect(target.records).toHaveLength(50);
    expect(Math.max(...sizes)).toBeLessThan(100 + 20);
  });

  it('tells the first 100 malformed lines and counts all', async () => {
    const { report } = await load('jsonl', 'x\n'.repeat(250));
    expect(report.skipped).toBe(250);
    expect(report.problems).toHaveLength(100);
  });

  it('stops when asked, and says how far it came', async () => {
    const signal = { aborted: false };
    const target: ImportTarget = {
      batchBytesMax: 1 << 20,
      putAll: async () => {
        signal.aborted = true;
      },
    };
    const lines = encodeUtf8(
      Array.from({ length: 5000 }, (_, index) => `{"id":${index}}`).join('\n'),
    );
    const importing = importRecords(inPieces(lines, 1000), target, scheduler, {
      format: 'jsonl',
      keyField: 'id',
      signal,
    });
    await expect(importing).rejects.toMatchObject({
      code: 'CANCELLED',
      message: /after 1000 entries/,
    });
  });

  it('of an empty file gives nothing', async () => {
    for (const format of ['csv', 'tsv', 'jsonl'] as const) {
      const { report } = await load(format, '');
      expect(report).toEqual({ imported: 0, skipped: 0, problems: [] });
    }
  });

  it('brings any table through CSV and TSV unchanged, however it is cut', async () => {
    const cell = fc.stringMatching(/^[a-z0-9 ."é東,]{1,8}$/);
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 40 }), async (table, size) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const csv = ['id,name', ...table.map((row) => row.map(quoted).join(','))].join('\n');
        const tsv = ['id\tname', ...table.map((row) => row.join('\t'))].join('\n');
        const expected = table.map(([id, name]) => [id, { id, name }]);
        expect((await load('csv', csv, size)).target.records).toEqual(expected);
        expect((await load('tsv', tsv, size)).target.records).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});
