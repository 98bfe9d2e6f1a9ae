// Installs a real VS Code into .tools/, from npm alone: code-server is VS Code's own workbench and
// extension host behind a small web server. Nothing is compiled: its native modules either bring a
// binary along, are never needed, or have a stand-in here.

import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run, runNpm } from '../child.mjs';
import { root } from '../paths.mjs';

const codeServerVersion = '4.139.1';
// The one that this code-server asks for; npm itself may go on running on an older one.
const nodeVersion = '24.21.0';
const nodePackage = `node-linux-${process.arch}`;

const attemptsMax = 3;
const tools = path.join(root, '.tools');
const stampFile = path.join(tools, 'stamp');
const here = path.join(root, 'scripts/vscode');

/** Where the installed tools are. */
export const vscodeTools = {
  node: path.join(tools, 'node_modules', nodePackage, 'bin/node'),
  server: path.join(tools, 'node_modules/code-server/out/node/entry.js'),
};

const vscodeFolder = path.join(tools, 'node_modules/code-server/lib/vscode');

/** Installs the tools when they are not there already; throws with one line when that fails. */
export async function ensureVscodeTools() {
  if (process.platform !== 'linux') throw new Error('The tests in VS Code run on Linux only.');
  const stamp = stampOfRecipe();
  if (readStamp() === stamp) return;
  console.log('Installing code-server…');
  rmSync(tools, { recursive: true, force: true });
  mkdirSync(tools);
  writeFileSync(path.join(tools, 'package.json'), '{ "private": true }\n');
  await npmInstall(tools, [`${nodePackage}@${nodeVersion}`, `code-server@${codeServerVersion}`]);
  await npmInstall(vscodeFolder, ['--omit=dev']);
  placeStandIns();
  removeUnwanted();
  const version = ['--config', '/dev/null', '--version'];
  const code = await run(vscodeTools.node, [vscodeTools.server, ...version], { HOME: tools });
  if (code !== 0) throw new Error('code-server was installed but does not start: see above.');
  writeFileSync(stampFile, stamp);
}

/**
 * @param {string} folder
 * @param {readonly string[]} args
 */
async function npmInstall(folder, args) {
  const options = ['--ignore-scripts', '--engine-strict=false', '--no-audit', '--no-fund'];
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const code = await runNpm([
      'install',
      '--prefix',
      folder,
      ...options,
      '--loglevel=error',
      ...args,
    ]);
    if (code === 0) return;
  }
  throw new Error(`npm could not install into ${path.relative(root, folder)}: see above.`);
}

function placeStandIns() {
  const place = (/** @type {string} */ standIn, /** @type {string} */ module) =>
    copyFileSync(
      path.join(here, 'standIns', standIn),
      path.join(vscodeFolder, 'node_modules/@vscode', module, 'index.js'),
    );
  place('spdlog.cjs', 'spdlog');
  place('nativeWatchdog.cjs', 'native-watchdog');
}

/** Built-in extensions that would reach for the network or slow the start. */
function removeUnwanted() {
  const names = ['copilot', 'git', 'github', 'microsoft-authentication', 'tunnel-forwarding'];
  for (const name of names) {
    rmSync(path.join(vscodeFolder, 'extensions', name), { recursive: true, force: true });
  }
}

/** A change of the recipe installs anew. */
function stampOfRecipe() {
  const hash = createHash('sha256').update(process.arch);
  for (const file of ['tools.mjs', 'standIns/spdlog.cjs', 'standIns/nativeWatchdog.cjs']) {
    hash.update(readFileSync(path.join(here, file)));
  }
  return hash.digest('hex');
}

function readStamp() {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return undefined;
  }
}
