// The npm package as a user gets it: packed, installed without a network into an empty project, and
// used as docs/library.md and docs/level.md show it. Each example there is run, or type-checked,
// as it stands.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../../scripts/paths.mjs';

const LIMIT_MILLIS = 240_000;

/** An example of a document. */
interface Example {
  readonly name: string;
  readonly code: string;
}

const project = mkdtempSync(join(tmpdir(), 'lsm-package-'));

beforeAll(() => {
  if (!existsSync(join(root, 'dist/library/types'))) throw new Error('Run `npm run build` first.');
  npm(root, ['pack', '--silent', '--ignore-scripts', '--pack-destination', project]);
  const packed = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  npm(project, ['install', '--offline', '--ignore-scripts', '--no-audit', `./${packed}`]);
}, LIMIT_MILLIS);

afterAll(() => rmSync(project, { recursive: true, force: true }));

function npm(folder: string, args: readonly string[]): void {
  const windows = process.platform === 'win32';
  execFileSync(windows ? 'npm.cmd' : 'npm', args, { cwd: folder, stdio: 'pipe', shell: windows });
}

/** The code blocks of a document in one language. */
function examplesOf(document: string, language: string): Example[] {
  const text = readFileSync(join(root, 'docs', document), 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  return blocks
    .filter(([, name]) => name === language)
    .map(([, , code], index) => ({ name: `${document} ${language} ${index + 1}`, code: code! }));
}

const documents = ['library.md', 'level.md'];
const runnable = documents.flatMap((document) => examplesOf(document, 'js'));
const typed = documents.flatMap((document) => examplesOf(document, 'ts'));

test.for(runnable)('$name prints what it says', { timeout: LIMIT_MILLIS }, ({ name, code }) => {
  const folder = join(project, name.replaceAll(/\W/g, '-'));
  mkdirSync(folder);
  writeFileSync(join(folder, 'example.js'), code);
  const printed = execFileSync(process.execPath, ['example.js'], { cwd: folder }).toString();
  const announced = [...code.matchAll(/^\/\/ prints (.*)$/gm)].map((match) => `${match[1]}\n`);
  expect(printed).toBe(announced.join(''));
  expect(announced.length).toBeGreaterThan(0);
});

test('the typed examples compile with a plain tsc', { timeout: LIMIT_MILLIS }, () => {
  for (const [index, { code }] of typed.entries()) {
    writeFileSync(join(project, `typed${index}.ts`), code);
  }
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    noEmit: true,
    typeRoots: [join(root, 'node_modules/@types')],
    types: ['node'],
  };
  const settings = JSON.stringify({ compilerOptions, include: ['*.ts'] });
  writeFileSync(join(project, 'tsconfig.json'), settings);
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  let output = '';
  try {
    execFileSync(process.execPath, [compiler, '-p', '.'], { cwd: project, stdio: 'pipe' });
  } catch (thrown) {
    output = (thrown as { stdout: Buffer }).stdout.toString();
  }
  expect(output).toBe('');
  expect(typed.length).toBeGreaterThan(1);
});
