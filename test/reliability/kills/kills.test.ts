// The engine on a real disk and in a real process: kills in the middle of everything, and an end
// that leaves nothing behind.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../../src/base/bytes.ts';
import { Random } from '../../../src/base/random.ts';
import { Lsm } from '../../../src/engine/db.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { nodeEnvironment } from '../../../src/node/nodeEnvironment.ts';
import { EXHAUSTIVE, note } from '../effort.ts';
import { bundleForNode } from '../../support/bundleForNode.ts';
import { useJobWorker } from '../../support/useBundle.ts';

const KILLS = EXHAUSTIVE ? 500 : 30;

const worker = useJobWorker();
let bundle: Awaited<ReturnType<typeof bundleForNode>>;
let directory: string;

beforeAll(async () => {
  bundle = await bundleForNode(new URL('storeWriter.ts', import.meta.url));
  directory = mkdtempSync(join(tmpdir(), 'lsm-store-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
  bundle?.discard();
});

/**
 * Writes from key `first` on until killed after `lines` acknowledgements; the last one told.
 * @param jobs the program of the job threads, or empty for slices.
 */
function writeUntilKilled(
  path: string,
  first: number,
  lines: number,
  sync: string,
  jobs: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const arguments_ = [bundle.path, path, String(first), '', sync, jobs];
    const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      if (output.split('\n').length > lines) child.kill('SIGKILL');
    });
    child.on('close', () => {
      const told = output.split('\n').filter((line) => line !== '');
      if (errors === '') resolve(Number(told.at(-1) ?? first - 1));
      else reject(new Error(errors));
    });
  });
}

describe('a process that is killed', () => {
  test('has lost nothing that it acknowledged', async () => {
    const path = join(directory, 'killed');
    const seed = 20_261_122;
    const random = new Random(seed);
    let next = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const lines = 1 + random.nextBelow(400);
      const sync = kill % 4 === 0 ? 'sync' : 'no-sync';
      const jobs = kill % 2 === 0 ? worker.file() : '';
      const last = await writeUntilKilled(path, next, lines, sync, jobs);
      const store = await Lsm.open(path, nodeEnvironment({ seed }), { memtableSize: 8192 });
      for (let key = 0; key <= last; key++) {
        const value = store.getSync(encodeUtf8(`key${key}`));
        const text = value === undefined ? 'nothing' : decodeUtf8(value);
        expect(text, `seed ${seed}, kill ${kill}`).toBe(`key${key} `.repeat(10));
      }
      const held = [...store.entries()].length;
      // The write under way may have been logged before its acknowledgement was told.
      expect(held - (last + 1)).toBeLessThanOrEqual(1);
      await store.close();
      expect((await verifyStore(path, nodeEnvironment())).problems).toEqual([]);
      next = held;
    }
    note(`${KILLS} kills, ${next} acknowledged writes checked, seed ${seed}`);
    expect(next).toBeGreaterThan(KILLS);
  });
});

describe('a process that closes its store', () => {
  test.for(['slices', 'threads'])('ends by itself and leaves no lock, jobs in %s', (where) => {
    const path = join(directory, `closed ${where}`);
    const jobs = where === 'threads' ? worker.file() : '';
    const run = spawnSync(process.execPath, [bundle.path, path, '0', '300', '', jobs], {
      timeout: 60_000,
    });
    expect(run.stderr.toString()).toBe('');
    expect(run.status).toBe(0);
    expect(readdirSync(path)).not.toContain('LOCK');
  });
});
