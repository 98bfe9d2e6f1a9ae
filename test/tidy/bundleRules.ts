// What the bundler put into the page, read from its own account (esbuild's metafile).

import type { Problem } from './projectFile.ts';

/** The part of esbuild's metafile that is read here. */
export interface Metafile {
  readonly inputs: Readonly<Record<string, unknown>>;
}

const neverInPage = /^src\/(engine|readers|node|session|extension|cli)\//;

/** The page is built from webview, protocol and base alone. */
export function checkPageBundle({ inputs }: Metafile): Problem[] {
  return Object.keys(inputs)
    .filter((input) => neverInPage.test(input))
    .map((input) => ({ rule: 'page', path: input, line: 0, message: 'was bundled into the page' }));
}
