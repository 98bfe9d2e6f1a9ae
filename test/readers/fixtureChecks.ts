// What every foreign directory is held to, whatever engine wrote it.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { decodeHex } from '../../src/base/bytes.ts';
import { LsmError } from '../../src/base/errors.ts';
import { emptyState } from '../../src/protocol/emptyState.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import type { FamilyReader, StoreReader } from '../../src/readers/storeReader.ts';
import { sha256 } from './sharedFixtures.ts';

/** Name, size, time and content of every file. */
export function fingerprint(directory: string): unknown[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => {
    const file = path.join(directory, name);
    const stat = statSync(file);
    const digest = stat.isFile() ? sha256(readFileSync(file)) : '';
    return { name, size: stat.size, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs, digest };
  });
}

/**
 * Digest of a key's value, or null. Where the oracle met damage, ours meets it too, unless a filter
 * (the oracle asks none) has said before that the key is not there.
 */
export function answerOf(reader: FamilyReader, keyHex: string, isDamaged: boolean): string | null {
  try {
    const value = reader.get(decodeHex(keyHex));
    if (value === undefined) return isDamaged ? 'damaged' : null;
    return sha256(value);
  } catch (thrown) {
    return thrown instanceof LsmError && thrown.code === 'CORRUPTION' ? 'damaged' : String(thrown);
  }
}

/** Folding a store's history gives the levels that it has, and leaves no job and no file behind. */
export function expectHistoryToEndHere(reader: StoreReader): void {
  let state = emptyState();
  let number = 0;
  for (const { body, timeMicros } of reader.history()) {
    state = reduce(state, { ...body, number: ++number, timeMicros });
  }
  const told = reader.describe();
  expect(levelsOf(state)).toEqual(levelsOf(told));
  expect(state.families.flatMap(({ ghosts }) => ghosts)).toEqual([]);
  expect(state.jobs).toEqual([]);
  expect(state.manifest.edits).toBe(told.manifest.edits);
}

function levelsOf({ families }: Pick<TreeState, 'families'>): unknown {
  return families.map(({ family, name, levels }) => ({
    family,
    name,
    levels: levels.map(({ level, tables, sizeBytes }) => ({ level, sizeBytes, tables })),
  }));
}
