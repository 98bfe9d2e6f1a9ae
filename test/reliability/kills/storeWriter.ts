// Runs in a child process: writes keys one after the other until it is killed, and tells each that
// was acknowledged. With a count it ends by itself, which shows that a closed store keeps nothing
// alive.

import { writeSync } from 'node:fs';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { Lsm } from '../../../src/engine/db.ts';
import { nodeEnvironment } from '../../../src/node/nodeEnvironment.ts';

const [directory, first, count, sync, jobWorkerFile] = process.argv.slice(2);

const store = await Lsm.open(directory!, nodeEnvironment({ seed: 5, jobWorkerFile }), {
  memtableSize: 8192,
  blockSize: 512,
  maxL0SSTables: 2,
  levelBaseSize: 16_384,
  targetTableSize: 8192,
  levelMultiplier: 4,
});
const end = count === '' ? Infinity : Number(first) + Number(count);
for (let key = Number(first); key < end; key++) {
  const text = `key${key}`;
  await store.put(encodeUtf8(text), encodeUtf8(`${text} `.repeat(10)), { sync: sync === 'sync' });
  // At once, past every buffer: what stands in the pipe survives the kill.
  writeSync(1, `${key}\n`);
}
await store.close();
