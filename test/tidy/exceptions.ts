// What may break a rule, and why. An exception that is no longer needed is a problem itself.

import type { Problem } from './projectFile.ts';

export interface Exception {
  readonly rule: string;
  readonly path: string;
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [
  {
    rule: 'reach',
    path: 'src/base/memoryVfs.ts',
    reason: 'the disk of the tests, on which lessons and the simulated disk will stand',
  },
  {
    rule: 'reach',
    path: 'src/base/manualScheduler.ts',
    reason: 'the event loop of the tests, on which lessons and simulations will stand',
  },
];

/** Takes out what is excepted, and adds a problem for each exception that excepts nothing. */
export function applyExceptions(
  problems: readonly Problem[],
  excepted: readonly Exception[],
): Problem[] {
  const covers = (exception: Exception, { rule, path }: Problem): boolean =>
    exception.rule === rule && exception.path === path;
  const left = problems.filter((problem) => !excepted.some((entry) => covers(entry, problem)));
  const idle = excepted.filter((entry) => !problems.some((problem) => covers(entry, problem)));
  const message = 'the exception in test/tidy/exceptions.ts is no longer needed: remove it';
  return [...left, ...idle.map(({ rule, path }) => ({ rule, path, line: 0, message }))];
}
