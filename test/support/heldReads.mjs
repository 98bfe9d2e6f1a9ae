// Preloaded into a program under test, its threads included: reads of a file wait as long as
// another file is there. So a test decides how far the program comes, whatever the machine is
// busy with. LSM_LENS_HELD_READS says which: {"file": regular expression, "from" and "to": where
// the reads begin that are held, "while": path}.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const NAP_MILLIS = 10;
const { openSync, readSync, closeSync, existsSync } = fs;
const { file, from, to, while: hold } = JSON.parse(process.env['LSM_LENS_HELD_READS'] ?? '{}');
const held = new RegExp(file);
const sleeper = new Int32Array(new SharedArrayBuffer(4));
/** @type {Set<number>} */
const descriptors = new Set();

/** @type {typeof openSync} */
fs.openSync = (path, ...rest) => {
  const descriptor = openSync(path, ...rest);
  if (held.test(String(path))) descriptors.add(descriptor);
  return descriptor;
};

fs.closeSync = (descriptor) => {
  descriptors.delete(descriptor);
  closeSync(descriptor);
};

fs.readSync = (/** @type {any[]} */ ...given) => {
  const [descriptor, , , , position] = given;
  if (descriptors.has(descriptor) && position >= from && position < to) {
    while (existsSync(hold)) Atomics.wait(sleeper, 0, 0, NAP_MILLIS);
  }
  return readSync(.../** @type {Parameters<typeof readSync>} */ (given));
};

syncBuiltinESMExports();
