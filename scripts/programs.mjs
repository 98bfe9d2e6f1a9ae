// The programs that the build makes, each a single file in dist/; and the library's entries, which
// share what both need.

/**
 * @typedef {object} Program
 * @property {string} entry The source file it starts from.
 * @property {string} output Where its bundle goes.
 * @property {'extension' | 'node' | 'command' | 'page' | 'library'} kind Where it runs.
 */

/** @type {readonly Program[]} */
export const programs = [
  { entry: 'src/extension/extension.ts', output: 'dist/extension.cjs', kind: 'extension' },
  { entry: 'src/session/sessionWorker.ts', output: 'dist/sessionWorker.cjs', kind: 'node' },
  { entry: 'src/node/jobWorker.ts', output: 'dist/jobWorker.cjs', kind: 'node' },
  { entry: 'src/cli/main.ts', output: 'dist/cli.cjs', kind: 'command' },
  { entry: 'webview/main.ts', output: 'dist/webview.js', kind: 'page' },
  { entry: 'src/node/library/engine.ts', output: 'dist/library/engine.js', kind: 'library' },
  { entry: 'src/node/level/lsmLevel.ts', output: 'dist/library/level.js', kind: 'library' },
];
