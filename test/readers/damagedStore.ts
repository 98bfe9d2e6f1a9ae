// A foreign directory in memory whose files can be damaged one at a time, and what a reader makes
// of it: never a wrong value, never another error than ours.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { encodeHex } from '../../src/base/bytes.ts';
import { LsmError } from '../../src/base/errors.ts';
import { MemoryVfs } from '../../src/base/memoryVfs.ts';
import type { ReaderWorld, StoreReader } from '../../src/readers/storeReader.ts';
import { copiesOf, readerWorld } from './readerWorld.ts';

/** Where it lies in memory. */
export const directory = '/db';

/** Opens the engine's reader. */
export type OpenReader = (directory: string, world: ReaderWorld) => StoreReader;

/** What came of one damage. */
interface Outcome {
  readonly missing: number;
  readonly problems: number;
}

/** The files of a small fixture by their names. */
export function filesOf(fixture: string): ReadonlyMap<string, Uint8Array> {
  const source = path.resolve(import.meta.dirname, '../fixtures', fixture, 'db');
  return new Map(
    readdirSync(source).map((name) => [
      name,
      new Uint8Array(readFileSync(path.join(source, name))),
    ]),
  );
}

/** A disk with these files. */
export function diskWith(content: ReadonlyMap<string, Uint8Array>): MemoryVfs {
  const vfs = new MemoryVfs();
  vfs.makeDirectory(directory);
  for (const [name, bytes] of content) {
    const file = vfs.open(vfs.join(directory, name), 'create');
    file.write(bytes, 0, bytes.length, 0);
    file.close();
  }
  return vfs;
}

/** A store that is sound but for one file at a time. */
export class DamagedStore {
  private readonly open: OpenReader;
  private readonly files: ReadonlyMap<string, Uint8Array>;
  private readonly truth: ReadonlySet<string>;
  /** Of the sound store; without an order the same may be listed several times. */
  private readonly listed: number;

  static async of(fixture: string, open: OpenReader): Promise<DamagedStore> {
    const files = filesOf(fixture);
    const reader = open(directory, await readerWorld(diskWith(files)));
    const truth = entriesOf(reader);
    reader.close();
    return new DamagedStore(open, files, truth);
  }

  private constructor(
    open: OpenReader,
    files: ReadonlyMap<string, Uint8Array>,
    truth: readonly string[],
  ) {
    this.open = open;
    this.files = files;
    this.truth = new Set(truth);
    this.listed = truth.length;
  }

  bytesOf(name: string): Uint8Array {
    return this.files.get(name)!;
  }

  /** What a reader makes of the directory with one file changed. */
  async read(name: string, bytes: Uint8Array): Promise<Outcome | 'refused'> {
    const world = await readerWorld(diskWith(new Map([...this.files, [name, bytes]])));
    try {
      const reader = this.open(directory, world);
      const found = entriesOf(reader);
      for (const _ of reader.check());
      for (const _ of reader.history());
      const problems = reader.problems().length;
      reader.close();
      const sound = found.filter((entry) => this.truth.has(entry));
      return { missing: this.listed - sound.length, problems };
    } catch (thrown) {
      if (thrown instanceof LsmError) return 'refused';
      throw thrown;
    }
  }

  /** The places whose flipped byte loses entries without a word. */
  async silentFlips(name: string, step: number): Promise<number[]> {
    const bytes = this.bytesOf(name);
    const silent: number[] = [];
    for (let at = 0; at < bytes.length; at += step) {
      const changed = bytes.slice();
      changed[at]! ^= 0x41;
      const outcome = await this.read(name, changed);
      if (outcome !== 'refused' && outcome.missing > 0 && outcome.problems === 0) silent.push(at);
    }
    return silent;
  }

  /** The lengths at which a cut file gives entries twice. */
  async oddCuts(name: string, step: number): Promise<number[]> {
    const bytes = this.bytesOf(name);
    const odd: number[] = [];
    for (let length = 0; length < bytes.length; length += step) {
      const outcome = await this.read(name, bytes.slice(0, length));
      if (outcome !== 'refused' && outcome.missing < 0) odd.push(length);
    }
    return odd;
  }
}

/** Of all families. */
function entriesOf(reader: StoreReader): string[] {
  return reader
    .describe()
    .families.flatMap(({ name }) =>
      copiesOf(reader.family(name)!.entries({})).map(
        ([key, value]) => `${name} ${encodeHex(key)} ${encodeHex(value)}`,
      ),
    );
}
