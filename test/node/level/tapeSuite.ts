// Runs tests that were written for tape, and tells how each ended.

import tape from 'tape';

/** What tape's object stream says; only what is read here. */
interface TapeRow {
  readonly type: 'test' | 'assert' | 'end';
  readonly id: number;
  /** Of an assertion: the test it belongs to. */
  readonly test: number;
  readonly name: string;
  readonly ok: boolean;
  readonly skip?: unknown;
  readonly todo?: unknown;
  readonly error?: Error;
}

/** How one test ended. */
export interface TapeResult {
  readonly name: string;
  assertions: number;
  /** Tests and assertions that were not made. */
  skipped: number;
  readonly failures: string[];
}

/**
 * Registers tests by `register`, which gets tape's own `test` function, and runs them all.
 * @returns one result per test, in order; rejects when they do not end within `limitMillis`.
 */
export function runTape(
  register: (test: unknown) => void,
  limitMillis: number,
): Promise<TapeResult[]> {
  const harness = tape.createHarness();
  const results = new Map<number, TapeResult>();
  return new Promise((resolve, reject) => {
    let last = 'the first test';
    const late = (): void => reject(new Error(`no end after ${limitMillis} ms, in ${last}`));
    const timer = setTimeout(late, limitMillis);
    harness
      .createStream({ objectMode: true })
      .on('data', (row: TapeRow) => {
        if (row.type === 'test') last = row.name;
        note(results, row);
      })
      .on('error', reject)
      .on('end', () => {
        clearTimeout(timer);
        resolve([...results.values()]);
      });
    register(harness);
  });
}

function note(results: Map<number, TapeResult>, row: TapeRow): void {
  if (row.type === 'test') {
    const skipped = row.skip || row.todo ? 1 : 0;
    results.set(row.id, { name: row.name, assertions: 0, skipped, failures: [] });
  } else if (row.type === 'assert') {
    const result = results.get(row.test)!;
    result.assertions++;
    if (row.skip || row.todo) result.skipped++;
    if (!row.ok) result.failures.push(`${row.name}: ${row.error?.stack ?? 'not ok'}`);
  }
}
