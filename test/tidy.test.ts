// Runs the tidy rules over the project itself.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../scripts/paths.mjs';
import { programs } from '../scripts/programs.mjs';
import type { Metafile } from './tidy/bundleRules.ts';
import { checkPageBundle } from './tidy/bundleRules.ts';
import { checkEventHeadings, checkLinks, checkReadmes } from './tidy/documentRules.ts';
import { applyExceptions, exceptions } from './tidy/exceptions.ts';
import { checkLayers } from './tidy/layerRules.ts';
import type { Problem } from './tidy/projectFile.ts';
import { describeProblem, readProject } from './tidy/projectFile.ts';
import { checkReach } from './tidy/reachRules.ts';
import { checkBarrels, checkNames, checkSizes } from './tidy/shapeRules.ts';
import { checkWords } from './tidy/wordRules.ts';

const files = readProject(root);
const exists = (name: string): boolean => existsSync(path.join(root, name));

const entries = programs.map(({ entry }) => entry);

const rules: Record<string, () => Problem[]> = {
  layers: () => checkLayers(files),
  sizes: () => checkSizes(files),
  names: () => checkNames(files),
  barrels: () => checkBarrels(files),
  reach: () => checkReach(files, entries),
  words: () => checkWords(files),
  readmes: () => checkReadmes(files),
  events: () => checkEventHeadings(files),
  links: () => checkLinks(files, exists),
  page: () => checkPageBundle(readMetafile()),
};

test('the project has files to check', () => {
  expect(files.length).toBeGreaterThan(20);
});

test.for(Object.keys(rules))('%s', (name) => {
  const known = exceptions.filter(({ rule }) => rule === name);
  const problems = applyExceptions(rules[name]?.() ?? [], known);
  expect(problems.map(describeProblem)).toEqual([]);
});

test('every exception names a rule', () => {
  expect(exceptions.filter(({ rule }) => !(rule in rules))).toEqual([]);
});

function readMetafile(): Metafile {
  const file = path.join(root, 'dist/meta/webview.js.json');
  if (!existsSync(file)) throw new Error('Run `npm run build` first: the bundle is checked too.');
  return JSON.parse(readFileSync(file, 'utf8')) as Metafile;
}
