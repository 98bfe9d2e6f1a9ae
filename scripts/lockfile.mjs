// Completes package-lock.json. Tools with native code bring one optional package per platform, and
// `npm ci` insists on an entry for each; but npm leaves out those that its registry does not hold,
// as a mirror for one platform does. Their entries follow from their names. Run as a command after
// a dependency was added: `node scripts/lockfile.mjs`.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [resolved]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 * @property {Record<string, string>} [optionalDependencies]
 *
 * @typedef {object} Lockfile
 * @property {Record<string, LockedPackage>} packages By their folder, '' for the project itself.
 */

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];
/** The C libraries that npm tells apart, on Linux, by what stands for them in a package's name. */
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

/**
 * @param {Lockfile} lockfile
 * @returns {Record<string, LockedPackage>} The entries that are missing, by folder.
 */
export function missingEntries({ packages }) {
  /** @type {Record<string, LockedPackage>} */
  const missing = {};
  for (const [folder, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (isLocked(packages, folder, name)) continue;
      const entry = { version, ...(dev === true && { dev }), optional: true, ...platformOf(name) };
      missing[`node_modules/${name}`] = entry;
    }
  }
  return missing;
}

/**
 * Looks where Node would: beside the package that asks, then in each folder around it.
 *
 * @param {Lockfile['packages']} packages
 * @param {string} folder
 * @param {string} name
 */
function isLocked(packages, folder, name) {
  for (let around = folder; ; around = around.slice(0, around.lastIndexOf('/node_modules/'))) {
    if (packages[path.posix.join(around, 'node_modules', name)] !== undefined) return true;
    if (!around.includes('/node_modules/')) break;
  }
  return packages[`node_modules/${name}`] !== undefined;
}

/**
 * @param {string} name As `@oxlint/binding-linux-arm64-musl`.
 * @returns {Pick<LockedPackage, 'os' | 'cpu' | 'libc'>}
 */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const system = systems.find((word) => words.includes(word));
  const processor = processors.find((word) => words.includes(word));
  if (system === undefined || processor === undefined) {
    throw new Error(
      `${name} is not in package-lock.json and names no platform; is it spelt right?`,
    );
  }
  const library = Object.entries(libraries).find(([word]) => words.includes(word))?.[1];
  const libc = system === 'linux' && library !== undefined ? { libc: [library] } : {};
  return { cpu: [processor], os: [system], ...libc };
}

function completeLockfile() {
  const file = path.join(root, 'package-lock.json');
  /** @type {Lockfile} */
  const lockfile = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingEntries(lockfile);
  const entries = Object.entries({ ...lockfile.packages, ...missing });
  entries.sort(([a], [b]) => a.localeCompare(b, 'en'));
  const completed = { ...lockfile, packages: Object.fromEntries(entries) };
  writeFileSync(file, `${JSON.stringify(completed, null, 2)}\n`);
  console.log(`${Object.keys(missing).length} entries added to package-lock.json`);
}

if (process.argv[1] === path.join(root, 'scripts/lockfile.mjs')) completeLockfile();
