// The lockfile serves every platform and names no one machine's registry.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Lockfile } from '../../scripts/lockfile.mjs';
import { missingEntries } from '../../scripts/lockfile.mjs';
import { root } from '../../scripts/paths.mjs';

const text = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
const lockfile = JSON.parse(text) as Lockfile;

test('an entry for each platform, or `node scripts/lockfile.mjs` adds it', () => {
  expect(missingEntries(lockfile)).toEqual({});
});

test('no address of a registry', () => {
  const { '': project, ...packages } = lockfile.packages;
  expect(project).toBeDefined();
  expect(Object.entries(packages).filter(([, { resolved }]) => resolved)).toEqual([]);
});

test('missing entries follow from their names', () => {
  const packages: Lockfile['packages'] = {
    '': {},
    'node_modules/a': {
      dev: true,
      optionalDependencies: {
        '@a/binding-linux-arm64-musl': '1.2.3',
        '@a/darwin-x64': '1.2.3',
        'b-linux-x64-gnu': '4.0.0',
        c: '5.0.0',
      },
    },
    'node_modules/a/node_modules/b-linux-x64-gnu': { version: '4.0.0' },
    'node_modules/c': { version: '5.0.0' },
  };
  expect(missingEntries({ packages })).toEqual({
    'node_modules/@a/binding-linux-arm64-musl': {
      version: '1.2.3',
      dev: true,
      optional: true,
      cpu: ['arm64'],
      os: ['linux'],
      libc: ['musl'],
    },
    'node_modules/@a/darwin-x64': {
      version: '1.2.3',
      dev: true,
      optional: true,
      cpu: ['x64'],
      os: ['darwin'],
    },
  });
});

test('a name without a platform is refused', () => {
  const packages = { 'node_modules/a': { optionalDependencies: { fsevents: '2.0.0' } } };
  expect(() => missingEntries({ packages })).toThrow(/names no platform/);
});
