// The size and the name of a file.

import path from 'node:path';
import { parseModule } from './imports.ts';
import type { Problem, ProjectFile } from './projectFile.ts';
import { codeFiles, productFiles } from './projectFile.ts';

export const columnsMax = 100;
export const linesMax = 600;

const catchAlls = /^(index|utils?|helpers?|common|misc)$/i;
const camelCase = /^[a-z][A-Za-z0-9]*$/;

/** No line over 100 columns, no file over 600 lines; styles count as code. */
export function checkSizes(files: readonly ProjectFile[]): Problem[] {
  const styles = files.filter(({ path: name }) => name.endsWith('.css'));
  return [...codeFiles(files), ...styles].flatMap(({ path: name, text }) => {
    const lines = text.replace(/\n$/, '').split('\n');
    const problems: Problem[] = [];
    for (const [index, line] of lines.entries()) {
      const columns = Array.from(line).length;
      if (columns <= columnsMax) continue;
      const message = `${columns} columns; the limit is ${columnsMax}`;
      problems.push({ rule: 'sizes', path: name, line: index + 1, message });
    }
    if (lines.length > linesMax) {
      const message = `${lines.length} lines; the limit is ${linesMax}`;
      problems.push({ rule: 'sizes', path: name, line: 0, message });
    }
    return problems;
  });
}

/** Files and folders are named in camelCase for the one thing in them. */
export function checkNames(files: readonly ProjectFile[]): Problem[] {
  return codeFiles(files).flatMap(({ path: name }) => {
    const stem = path.posix.basename(name).replace(/(\.test|\.d)?\.(ts|mjs)$/, '');
    const parts = [...path.posix.dirname(name).split('/'), stem];
    const problem = (message: string): Problem[] => [
      { rule: 'names', path: name, line: 0, message },
    ];
    const catchAll = parts.find((part) => catchAlls.test(part));
    if (catchAll !== undefined)
      return problem(`'${catchAll}' says nothing: name the one thing in it`);
    const unusual = parts.find((part) => !camelCase.test(part));
    return unusual === undefined ? [] : problem(`'${unusual}' is not camelCase`);
  });
}

/** No file that only hands on what others export: import from where a thing is. */
export function checkBarrels(files: readonly ProjectFile[]): Problem[] {
  return productFiles(files)
    .filter((file) => parseModule(file).barrel)
    .map(({ path: name }) => {
      return { rule: 'barrels', path: name, line: 0, message: 'holds nothing but re-exports' };
    });
}
