// Proves of each tidy rule that it catches what it should, and lets pass what it should.

import { expect, test } from 'vitest';
import { checkPageBundle } from './bundleRules.ts';
import { checkEventHeadings, checkLinks, checkReadmes } from './documentRules.ts';
import { applyExceptions } from './exceptions.ts';
import { checkLayers } from './layerRules.ts';
import type { Problem, ProjectFile } from './projectFile.ts';
import { describeProblem } from './projectFile.ts';
import { checkReach } from './reachRules.ts';
import { checkBarrels, checkNames, checkSizes } from './shapeRules.ts';
import { checkWords } from './wordRules.ts';

/** A project of one file. */
function file(path: string, text = ''): ProjectFile[] {
  return [{ path, text }];
}

function described(problems: readonly Problem[]): string[] {
  return problems.map(describeProblem);
}

const breaches: [name: string, path: string, text: string, message: RegExp][] = [
  [
    'base imports protocol',
    'src/base/a.ts',
    `import { b } from '../protocol/b.ts';`,
    /:2 .*may not/,
  ],
  ['base imports node', 'src/base/a.ts', `import fs from 'node:fs';`, /package 'node:fs'/],
  [
    'a value of a type-only room',
    'src/engine/a.ts',
    `import { b } from '../protocol/b.ts';`,
    /only/,
  ],
  [
    'an inline type, which leaves the import standing',
    'src/engine/a.ts',
    `import { type B } from '../protocol/b.ts';`,
    /only/,
  ],
  ['upwards by type', 'src/engine/a.ts', `import type { B } from '../session/b.ts';`, /may not/],
  ['upwards by re-export', 'src/engine/a.ts', `export * from '../session/b.ts';`, /may not/],
  ['upwards by import()', 'src/engine/a.ts', `const b = await import('../node/b.ts');`, /may not/],
  [
    'upwards by a type import()',
    'webview/a.ts',
    `type B = import('../src/engine/b.ts').B;`,
    /may not/,
  ],
  ['past session', 'src/extension/a.ts', `import type { B } from '../engine/b.ts';`, /may not/],
  [
    'vscode in session',
    'src/session/a.ts',
    `import type { Uri } from 'vscode';`,
    /package 'vscode'/,
  ],
  ['a package with a like name', 'webview/a.ts', `import { x } from 'd3x';`, /package 'd3x'/],
  ['no file ending', 'src/base/a.ts', `import { b } from './b';`, /lacks its file ending/],
  ['out of the rooms', 'src/cli/a.ts', `import { b } from '../../test/b.ts';`, /outside the rooms/],
  ['an unknown room', 'src/elsewhere/a.ts', '', /in no known room/],
];

test.for(breaches)('layers catch: %s', ([, path, text, message]) => {
  const problems = described(checkLayers(file(path, `\n${text}`)));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(message);
});

test('layers let pass what the table allows', () => {
  const project = [
    ...file('src/base/a.ts', `import { b } from './deep/b.ts';`),
    ...file('src/engine/a.ts', `import type { B } from '../protocol/b.ts';`),
    ...file('src/engine/c.ts', `// import { x } from '../session/x.ts';\nexport const c = 1;`),
    ...file('src/session/a.ts', `import { b } from '../engine/b.ts';\nimport 'node:fs';`),
    ...file(
      'webview/a.ts',
      `import 'd3';\nimport './a.css';\nimport '@vscode/webview-ui-toolkit';`,
    ),
    ...file('src/protocol/a.ts', `import { pack } from 'msgpackr/pack';`),
    ...file('test/a.test.ts', `import { b } from '../src/engine/b.ts';`),
  ];
  expect(described(checkLayers(project))).toEqual([]);
});

test('the toolkit is imported by one file', () => {
  const toolkit = `import { provideVSCodeDesignSystem } from '@vscode/webview-ui-toolkit';`;
  const project = [...file('webview/a.ts', toolkit), ...file('webview/b.ts', toolkit)];
  expect(described(checkLayers(project))).toEqual([
    "webview/b.ts layers: only one file may import '@vscode/webview-ui-toolkit', and " +
      'webview/a.ts does',
  ]);
});

test('a file that does not parse stops the rules', () => {
  expect(() => checkLayers(file('src/base/a.ts', 'import {'))).toThrow(/does not parse/);
});

test('sizes: columns and lines', () => {
  expect(checkSizes(file('src/base/a.ts', `${'é'.repeat(100)}\n`))).toEqual([]);
  expect(described(checkSizes(file('webview/a.css', `\n${'x'.repeat(101)}`)))).toEqual([
    'webview/a.css:2 sizes: 101 columns; the limit is 100',
  ]);
  expect(checkSizes(file('test/a.ts', 'x\n'.repeat(600)))).toEqual([]);
  expect(described(checkSizes(file('test/a.ts', 'x\n'.repeat(601))))).toEqual([
    'test/a.ts sizes: 601 lines; the limit is 600',
  ]);
});

test('names', () => {
  expect(checkNames([...file('src/base/aB2.ts'), ...file('test/aB.test.ts')])).toEqual([]);
  const bad = ['src/base/AB.ts', 'src/base/a-b.ts', 'src/base/utils.ts', 'src/helpers/a.ts'];
  for (const path of [...bad, 'webview/index.ts']) expect(checkNames(file(path))).toHaveLength(1);
});

test('barrels', () => {
  const barrel = `// Comment.\nexport * from './b.ts';\nexport type { C } from './c.ts';`;
  expect(checkBarrels(file('src/base/a.ts', barrel))).toHaveLength(1);
  expect(checkBarrels(file('src/base/a.ts', `${barrel}\nexport const d = 1;`))).toEqual([]);
  expect(checkBarrels(file('src/base/a.ts', 'const b = 1;\nexport { b };'))).toEqual([]);
});

test('reach', () => {
  const project = [
    ...file('src/cli/main.ts', `import { a } from './a.ts';`),
    ...file('src/cli/a.ts', `export type { B } from '../base/b.ts';\nawait import('./c.ts');`),
    ...file('src/base/b.ts'),
    ...file('src/cli/c.ts'),
    ...file('src/base/platform.d.ts'),
    ...file('src/base/dead.ts', `import './alsoDead.ts';`),
    ...file('src/base/alsoDead.ts', `import './dead.ts';`),
    ...file('test/dead.test.ts', `import '../src/base/dead.ts';`),
  ];
  const dead = checkReach(project, ['src/cli/main.ts']).map(({ path }) => path);
  expect(dead).toEqual(['src/base/dead.ts', 'src/base/alsoDead.ts']);
});

test('words', () => {
  const todo = ['TO', 'DO'].join('');
  for (const text of ['Date.now();', 'new Date();', 'Math.random();', `// ${todo}: later`]) {
    expect(checkWords(file('src/base/a.ts', `\n${text}`))).toMatchObject([{ line: 2 }]);
  }
  expect(checkWords(file('src/node/systemClock.ts', 'performance.now();'))).toEqual([]);
  expect(checkWords(file('src/base/a.ts', '// Not Math.random: it cannot be seeded.'))).toEqual([]);
  expect(checkWords(file('src/base/a.ts', 'new Date(0);'))).toEqual([]);
});

test('readmes', () => {
  expect(described(checkReadmes(file('src/base/deep/a.ts')))).toEqual([
    'src/base/deep/README.md readmes: is missing: say in one screen what belongs here and what ' +
      'never does',
  ]);
  expect(checkReadmes([...file('webview/a.ts'), ...file('webview/README.md')])).toEqual([]);
});

test('event headings', () => {
  const events = file('src/protocol/events.ts', `type E =\n  | { readonly kind: 'wal.sync' };`);
  expect(described(checkEventHeadings(events))).toEqual([
    "src/protocol/events.ts:2 events: docs/events.md has no heading for 'wal.sync'",
  ]);
  const headings = file('docs/events.md', '# Events\n\n### `wal.sync`\n');
  expect(checkEventHeadings([...events, ...headings])).toEqual([]);
});

test('links', () => {
  const exists = (name: string): boolean => name === 'media/a.png';
  const other = file('docs/b.md', '# The `Second` one: 2\n');
  const good =
    '[b](docs/b.md) [c](docs/b.md#the-second-one-2) ![d](media/a.png) [e](https://x.y/z) ' +
    '`[f](none.md)`\n# Here\n[g](#here)\n```\n[h](none.md)\n```\n';
  expect(described(checkLinks([...file('README.md', good), ...other], exists))).toEqual([]);
  const bad = '\n[b](docs/none.md)\n[c](docs/b.md#none)\n[d](#none)\n';
  expect(described(checkLinks([...file('README.md', bad), ...other], exists))).toEqual([
    "README.md:2 links: the link to 'docs/none.md' leads nowhere",
    "README.md:3 links: the link to 'docs/b.md#none' leads nowhere",
    "README.md:4 links: the link to '#none' leads nowhere",
  ]);
});

test('the page holds no code of the rooms beside it', () => {
  const inputs = { 'webview/main.ts': {}, 'src/base/a.ts': {}, 'node_modules/d3/src/index.js': {} };
  expect(checkPageBundle({ inputs })).toEqual([]);
  expect(checkPageBundle({ inputs: { ...inputs, 'src/engine/db.ts': {} } })).toHaveLength(1);
});

test('an exception hides its problem, and is a problem without one', () => {
  const problem = { rule: 'sizes', path: 'src/base/a.ts', line: 3, message: '' };
  const exception = { rule: 'sizes', path: 'src/base/a.ts', reason: 'generated' };
  expect(applyExceptions([problem], [exception])).toEqual([]);
  expect(applyExceptions([problem], [])).toEqual([problem]);
  expect(described(applyExceptions([], [exception]))).toEqual([
    'src/base/a.ts sizes: the exception in test/tidy/exceptions.ts is no longer needed: remove it',
  ]);
});
