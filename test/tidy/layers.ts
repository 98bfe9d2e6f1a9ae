// Who may know whom. Arrows point down only; the design's table, as data.

export interface Room {
  /** The folder, from the project's folder. */
  readonly folder: string;
  /** Folders of the rooms it may import. */
  readonly imports: readonly string[];
  /** Folders of the rooms it may import by `import type` only. */
  readonly typeImports: readonly string[];
  /** Packages it may import, their subpaths included; `node:` stands for all of Node's modules. */
  readonly packages: readonly string[];
}

export const rooms: readonly Room[] = [
  {
    folder: 'src/base',
    imports: [],
    typeImports: [],
    packages: ['hysnappy', 'zstddec', '@hpcc-js/wasm-zstd'],
  },
  { folder: 'src/protocol', imports: ['src/base'], typeImports: [], packages: ['msgpackr'] },
  {
    folder: 'src/engine',
    imports: ['src/base'],
    typeImports: ['src/protocol'],
    packages: ['msgpackr'],
  },
  { folder: 'src/readers', imports: ['src/base'], typeImports: ['src/protocol'], packages: [] },
  {
    folder: 'src/node',
    imports: ['src/base', 'src/engine'],
    typeImports: ['src/protocol'],
    packages: ['node:', 'abstract-level'],
  },
  {
    folder: 'src/session',
    imports: ['src/base', 'src/protocol', 'src/engine', 'src/readers', 'src/node'],
    typeImports: [],
    packages: ['node:', 'csv-parse'],
  },
  {
    folder: 'src/extension',
    imports: ['src/base', 'src/protocol', 'src/session'],
    typeImports: [],
    packages: ['node:', 'vscode'],
  },
  {
    folder: 'src/cli',
    imports: ['src/base', 'src/protocol', 'src/session'],
    typeImports: [],
    packages: ['node:', 'commander', 'ws'],
  },
  {
    folder: 'webview',
    imports: ['src/base', 'src/protocol'],
    typeImports: [],
    packages: ['d3', '@vscode/webview-ui-toolkit'],
  },
];

/** Packages that only one file may import, so that replacing them is one edit. */
export const packagesOfOneFile: readonly string[] = ['@vscode/webview-ui-toolkit'];
