// Reads which modules a file names: imports, re-exports, and import('…') in code or in types.

import path from 'node:path';
import { parseSync } from 'oxc-parser';
import type { ProjectFile } from './projectFile.ts';
import { lineAt } from './projectFile.ts';

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** The project's file it means, or undefined for a package. */
  readonly target: string | undefined;
  /** Whether nothing of it is left at run time. */
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface Module {
  readonly imports: readonly Import[];
  /** Whether it holds nothing but `export … from`. */
  readonly barrel: boolean;
  /** The text with every comment blanked out, lines kept. */
  readonly code: string;
}

/** Parses one file; throws when it does not parse, as every other rule would then be blind. */
export function parseModule(file: ProjectFile): Module {
  const { module, comments, program, errors } = parseSync(file.path, file.text);
  if (errors.length > 0) throw new Error(`${file.path} does not parse: ${errors[0]?.message}`);
  const imports: Import[] = [];
  const add = (specifier: string, typeOnly: boolean, start: number): void => {
    const line = lineAt(file.text, start);
    imports.push({ specifier, target: targetOf(file.path, specifier), typeOnly, line });
  };
  for (const { moduleRequest, start } of module.staticImports) {
    add(moduleRequest.value, /^import\s+type\b/.test(file.text.slice(start)), start);
  }
  for (const { entries, start } of module.staticExports) {
    const from = entries[0]?.moduleRequest;
    if (from) add(from.value, /^export\s+type\b/.test(file.text.slice(start)), start);
  }
  const code = blankComments(file.text, comments);
  for (const match of code.matchAll(/\bimport\s*\(\s*(['"`])([^'"`]+)\1/g)) {
    add(match[2] ?? '', false, match.index);
  }
  const barrel =
    program.body.length > 0 &&
    program.body.every((node) => {
      return /^Export(All|Named)/.test(node.type) && 'source' in node && node.source !== null;
    });
  return { imports, barrel, code };
}

function targetOf(importer: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return path.posix.join(path.posix.dirname(importer), specifier);
}

function blankComments(text: string, comments: readonly { start: number; end: number }[]): string {
  let code = text;
  for (const { start, end } of comments) {
    const blank = text.slice(start, end).replace(/[^\n]/g, ' ');
    code = code.slice(0, start) + blank + code.slice(end);
  }
  return code;
}
