// What is written agrees with what is there: folders tell what belongs in them, links lead
// somewhere, and every event is described.

import path from 'node:path';
import type { Problem, ProjectFile } from './projectFile.ts';
import { lineAt, productFiles } from './projectFile.ts';

/** Every folder of src/ and webview/ that holds code has a README.md. */
export function checkReadmes(files: readonly ProjectFile[]): Problem[] {
  const present = new Set(files.map(({ path: name }) => name));
  const folders = new Set(productFiles(files).map(({ path: name }) => path.posix.dirname(name)));
  return [...folders]
    .filter((folder) => !present.has(`${folder}/README.md`))
    .map((folder) => {
      const message = 'is missing: say in one screen what belongs here and what never does';
      return { rule: 'readmes', path: `${folder}/README.md`, line: 0, message };
    });
}

/** Every event kind of src/protocol/events.ts has a heading of its own in docs/events.md. */
export function checkEventHeadings(files: readonly ProjectFile[]): Problem[] {
  const textOf = (name: string): string => files.find((file) => file.path === name)?.text ?? '';
  const events = textOf('src/protocol/events.ts');
  const headings = new Set(
    [...textOf('docs/events.md').matchAll(/^#+ +(.+)$/gm)].map((match) =>
      (match[1] ?? '').replaceAll('`', '').trim(),
    ),
  );
  return [...events.matchAll(/\bkind: '([^']+)'/g)]
    .filter((match) => !headings.has(match[1] ?? ''))
    .map((match) => ({
      rule: 'events',
      path: 'src/protocol/events.ts',
      line: lineAt(events, match.index),
      message: `docs/events.md has no heading for '${match[1]}'`,
    }));
}

/**
 * Every relative link of a document leads to a file of the project, and to a heading where it names
 * one. `exists` tells about files that are not text, as pictures are.
 */
export function checkLinks(
  files: readonly ProjectFile[],
  exists: (name: string) => boolean,
): Problem[] {
  const documents = files.filter(({ path: name }) => name.endsWith('.md'));
  const anchors = new Map(documents.map(({ path: name, text }) => [name, anchorsOf(text)]));
  return documents.flatMap(({ path: name, text }) => {
    const prose = withoutCode(text);
    return [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].flatMap((match) => {
      const [target = '', anchor] = (match[1] ?? '').split('#');
      if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return [];
      const file = target === '' ? name : path.posix.join(path.posix.dirname(name), target);
      const known = anchors.get(file);
      const missing = known === undefined && !exists(file);
      if (!missing && (anchor === undefined || known?.has(anchor) !== false)) return [];
      const message = `the link to '${match[1]}' leads nowhere`;
      return [{ rule: 'links', path: name, line: lineAt(prose, match.index), message }];
    });
  });
}

/** The names by which GitHub and VS Code let a link point at a heading. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const match of withoutFences(text).matchAll(/^#+ +(.+)$/gm)) {
    const kept = (match[1] ?? '')
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '');
    const slug = kept.replace(/\s/g, '-');
    let anchor = slug;
    for (let repeat = 1; anchors.has(anchor); repeat++) anchor = `${slug}-${repeat}`;
    anchors.add(anchor);
  }
  return anchors;
}

function withoutCode(text: string): string {
  return withoutFences(text).replace(/`[^`\n]*`/g, blank);
}

function withoutFences(text: string): string {
  return text.replace(/^( *)(```|~~~)[\s\S]*?^\1\2/gm, blank);
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
