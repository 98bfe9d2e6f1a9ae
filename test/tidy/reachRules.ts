// Every file of the product is part of a program, or it is dead.

import { parseModule } from './imports.ts';
import type { Problem, ProjectFile } from './projectFile.ts';
import { productFiles } from './projectFile.ts';

/** Follows the imports from the programs' entries; names each file that none of them reaches. */
export function checkReach(files: readonly ProjectFile[], entries: readonly string[]): Problem[] {
  const product = new Map(productFiles(files).map((file) => [file.path, file]));
  const reached = new Set<string>();
  const waiting = [...entries];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const file = product.get(name);
    if (file === undefined || reached.has(name)) continue;
    reached.add(name);
    for (const { target } of parseModule(file).imports)
      if (target !== undefined) waiting.push(target);
  }
  return [...product.keys()]
    .filter((name) => !reached.has(name))
    .map((name) => ({ rule: 'reach', path: name, line: 0, message: 'no program imports it' }));
}
