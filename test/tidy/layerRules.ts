// Imports point down only, name files with their ending, and reach only the packages of their room.

import type { Import } from './imports.ts';
import { parseModule } from './imports.ts';
import type { Room } from './layers.ts';
import { packagesOfOneFile, rooms } from './layers.ts';
import type { Problem, ProjectFile } from './projectFile.ts';
import { productFiles } from './projectFile.ts';

/** Checks every import of src/ and webview/ against the table of rooms. */
export function checkLayers(files: readonly ProjectFile[]): Problem[] {
  const problems: Problem[] = [];
  const importersOf = new Map<string, string[]>();
  for (const file of productFiles(files)) {
    const room = roomOf(file.path);
    if (room === undefined) {
      problems.push({ rule: 'layers', path: file.path, line: 0, message: 'is in no known room' });
      continue;
    }
    for (const found of parseModule(file).imports) {
      const message = found.target === undefined ? packageFault(room, found) : fault(room, found);
      if (message) problems.push({ rule: 'layers', path: file.path, line: found.line, message });
      const single = packagesOfOneFile.find((name) => isOfPackage(found.specifier, name));
      if (single) importersOf.set(single, [...(importersOf.get(single) ?? []), file.path]);
    }
  }
  return [...problems, ...problemsOfSinglePackages(importersOf)];
}

function roomOf(name: string): Room | undefined {
  return rooms.find(({ folder }) => name.startsWith(`${folder}/`));
}

function fault(room: Room, { specifier, target = '', typeOnly }: Import): string | undefined {
  if (!/\.(ts|css)$/.test(specifier)) return `'${specifier}' lacks its file ending`;
  const other = roomOf(target);
  if (other === undefined) return `'${specifier}' lies outside the rooms`;
  if (other === room || room.imports.includes(other.folder)) return undefined;
  if (!room.typeImports.includes(other.folder)) {
    return `${room.folder} may not import ${other.folder} ('${specifier}')`;
  }
  if (typeOnly) return undefined;
  return `${room.folder} may import ${other.folder} by \`import type\` only ('${specifier}')`;
}

function packageFault(room: Room, { specifier }: Import): string | undefined {
  if (room.packages.some((name) => isOfPackage(specifier, name))) return undefined;
  return `${room.folder} may not import the package '${specifier}'`;
}

function isOfPackage(specifier: string, name: string): boolean {
  if (name.endsWith(':')) return specifier.startsWith(name);
  return specifier === name || specifier.startsWith(`${name}/`);
}

function problemsOfSinglePackages(importersOf: ReadonlyMap<string, readonly string[]>): Problem[] {
  return [...importersOf].flatMap(([name, importers]) =>
    importers.slice(1).map((importer) => ({
      rule: 'layers',
      path: importer,
      line: 0,
      message: `only one file may import '${name}', and ${importers[0]} does`,
    })),
  );
}
