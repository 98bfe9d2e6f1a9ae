// The project as the rules see it: paths and text. Rules take such a list, so that their own tests
// can hand them a small invented project.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface ProjectFile {
  /** From the project's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** One breach of one rule. */
export interface Problem {
  readonly rule: string;
  readonly path: string;
  /** From 1; 0 where the whole file is meant. */
  readonly line: number;
  readonly message: string;
}

const foldersLeftOut = new Set(['node_modules', 'dist', '.git', '.cache', '.tools']);
const textExtensions = new Set(['.ts', '.mjs', '.css', '.html', '.md', '.json']);

/** Reads every text file of the project that a person wrote. */
export function readProject(root: string): ProjectFile[] {
  const files: ProjectFile[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const relative = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!foldersLeftOut.has(entry.name)) visit(relative);
      } else if (textExtensions.has(path.extname(entry.name))) {
        files.push({ path: relative, text: readFileSync(path.join(root, relative), 'utf8') });
      }
    }
  };
  visit('');
  return files;
}

/** The files of src/, webview/, test/ and scripts/ that hold code. */
export function codeFiles(files: readonly ProjectFile[]): ProjectFile[] {
  return files.filter(({ path: name }) => /^(src|webview|test|scripts)\/.*\.(ts|mjs)$/.test(name));
}

/** The files that are part of the product: src/ and webview/, declarations aside. */
export function productFiles(files: readonly ProjectFile[]): ProjectFile[] {
  return codeFiles(files).filter(
    ({ path: name }) => /^(src|webview)\//.test(name) && !name.endsWith('.d.ts'),
  );
}

/** The line, from 1, of a character's position in a text. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < position; at = text.indexOf('\n', at + 1)) {
    line++;
  }
  return line;
}

/** One line for a person, clickable in most terminals. */
export function describeProblem({ rule, path: name, line, message }: Problem): string {
  return `${name}${line > 0 ? `:${line}` : ''} ${rule}: ${message}`;
}
