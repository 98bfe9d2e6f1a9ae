// How much is tried: a bounded share in `npm test`, everything in `npm run test:long`.

/** Whether everything is to be tried, however long it takes. */
export const EXHAUSTIVE: boolean = process.env['LSM_LENS_LONG'] === '1';

/** A figure for docs/reliability.md, printed with the test's output. */
export function note(line: string): void {
  process.stdout.write(`figures: ${line}\n`);
}

/** At most so many of them, at even distances. */
export function evenlySpread<T>(all: readonly T[], most: number): T[] {
  const step = Math.max(1, all.length / most);
  return Array.from({ length: Math.floor(all.length / step) }, (_, index) => {
    return all[Math.floor(index * step)]!;
  });
}
