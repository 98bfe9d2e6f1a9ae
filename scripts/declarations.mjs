// The library's types for its users: the declarations that the compiler made of each file its
// entries reach, as a tree beside the bundles. Our imports name TypeScript files; a user's compiler
// looks for the declarations of JavaScript files, so that is what the copies name.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './paths.mjs';

/** Where `tsc -b` leaves declarations, each at the path of its source. */
const compiled = path.join(root, '.cache/types');

const relativeImport = /(from |import\()'(\.[^']*)\.ts'/g;

/**
 * Copies what the entries' types need.
 *
 * @param {readonly string[]} entries Source files, from the project's folder.
 * @param {string} folder Where to, absolute; emptied first.
 */
export async function copyDeclarations(entries, folder) {
  await rm(folder, { recursive: true, force: true });
  const waiting = [...entries];
  const seen = new Set(waiting);
  for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
    const name = source.replace(/\.ts$/, '.d.ts');
    const text = await readFile(path.join(compiled, name), 'utf8');
    for (const [, , target] of text.matchAll(relativeImport)) {
      const imported = `${path.posix.join(path.posix.dirname(source), target ?? '')}.ts`;
      if (seen.has(imported)) continue;
      seen.add(imported);
      waiting.push(imported);
    }
    const copy = path.join(folder, name);
    await mkdir(path.dirname(copy), { recursive: true });
    await writeFile(copy, text.replace(relativeImport, "$1'$2.js'"));
  }
}
