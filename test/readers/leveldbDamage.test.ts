// Damage anywhere in a LevelDB directory gives what is still readable and a list of what is wrong;
// never a wrong value, never another error than ours. The small set's files, every byte flipped in
// turn and cut at many lengths.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeHex } from '../../src/base/bytes.ts';
import { LsmError } from '../../src/base/errors.ts';
import { MemoryVfs } from '../../src/base/memoryVfs.ts';
import { LeveldbReader } from '../../src/readers/leveldb/leveldbReader.ts';
import { readerWorld } from './readerWorld.ts';

const directory = '/db';
const source = path.resolve(import.meta.dirname, '../fixtures/leveldb-snappy/db');
const files = new Map(
  readdirSync(source).map((name) => [name, new Uint8Array(readFileSync(path.join(source, name)))]),
);
const truth = new Map(await entriesOf(files));

/** A disk with these files. */
function diskWith(content: ReadonlyMap<string, Uint8Array>): MemoryVfs {
  const vfs = new MemoryVfs();
  vfs.makeDirectory(directory);
  for (const [name, bytes] of content) {
    const file = vfs.open(vfs.join(directory, name), 'create');
    file.write(bytes, 0, bytes.length, 0);
    file.close();
  }
  return vfs;
}

async function entriesOf(content: ReadonlyMap<string, Uint8Array>): Promise<[string, string][]> {
  const reader = new LeveldbReader(directory, await readerWorld(diskWith(content)));
  const entries = [...reader.entries({})].map(([key, value]): [string, string] => [
    encodeHex(key),
    encodeHex(value),
  ]);
  reader.close();
  return entries;
}

/** Every version that was ever written: what damage to a newer one may let show through. */
const versions = new Set([...truth].map(([key, value]) => `${key} ${value}`));

interface Outcome {
  readonly missing: number;
  readonly problems: number;
}

/** What a reader makes of a directory with one file changed. */
async function read(name: string, bytes: Uint8Array): Promise<Outcome | 'refused'> {
  const world = await readerWorld(diskWith(new Map([...files, [name, bytes]])));
  try {
    const reader = new LeveldbReader(directory, world);
    const found = [...reader.entries({})].map(
      ([key, value]) => `${encodeHex(key)} ${encodeHex(value)}`,
    );
    for (const _ of reader.check());
    const problems = reader.problems().length;
    reader.close();
    const sound = found.filter((entry) => versions.has(entry));
    return { missing: truth.size - sound.length, problems };
  } catch (thrown) {
    if (thrown instanceof LsmError) return 'refused';
    throw thrown;
  }
}

function* flips(bytes: Uint8Array, step: number): Generator<[string, Uint8Array]> {
  for (let at = 0; at < bytes.length; at += step) {
    const changed = bytes.slice();
    changed[at]! ^= 0x41;
    yield [`byte ${at}`, changed];
  }
}

function* cuts(bytes: Uint8Array, step: number): Generator<[string, Uint8Array]> {
  for (let length = 0; length < bytes.length; length += step) {
    yield [`cut at ${length}`, bytes.slice(0, length)];
  }
}

describe.each(['000005.ldb', '000004.log', 'MANIFEST-000002', 'CURRENT'])('%s', (name) => {
  const bytes = files.get(name)!;
  // Coprime to every structure in the file: another place of each kind is met every time round.
  const step = bytes.length > 1000 ? 37 : 1;

  test('a flipped byte is told of, or harmless', async () => {
    const silent: string[] = [];
    for (const [what, changed] of flips(bytes, step)) {
      const outcome = await read(name, changed);
      if (outcome !== 'refused' && outcome.missing > 0 && outcome.problems === 0) silent.push(what);
    }
    expect(silent).toEqual([]);
  });

  test('any length is read as far as it goes', async () => {
    const odd: string[] = [];
    for (const [what, changed] of cuts(bytes, step)) {
      const outcome = await read(name, changed);
      if (outcome !== 'refused' && outcome.missing < 0) odd.push(what);
    }
    expect(odd).toEqual([]);
  });
});
