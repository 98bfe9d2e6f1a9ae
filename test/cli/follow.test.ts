// `lsm-lens follow` beside an engine that writes.

import { once } from 'node:events';
import { copyFile, cp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ClassicLevel } from 'classic-level';
import { expect, test } from 'vitest';
import { outcomeOf, prepareProgram, start } from './program.ts';

const fixture = path.resolve(import.meta.dirname, '../fixtures/leveldb-snappy/db');
const place = prepareProgram();

test('prints what is written, and ends when another store has taken the place', async () => {
  const directory = place.fresh();
  await cp(fixture, directory, { recursive: true });
  const level = new ClassicLevel(directory);
  await level.open();
  const child = start('follow', directory, '--json');
  const outcome = outcomeOf(child);
  const firstLine = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  // What is written before it looks is past.
  let writes = 0;
  const timer = setInterval(() => void level.put(`key of today ${writes++}`, 'value'), 50);
  const [line] = await firstLine;
  clearInterval(timer);
  await level.close();
  expect(JSON.parse(line)).toMatchObject({
    kind: expect.stringMatching(/^(wal|write|memtable)\./),
  });

  const manifest = (await readdir(directory)).find((name) => name.startsWith('MANIFEST-'))!;
  await rm(path.join(directory, manifest));
  await copyFile(path.join(fixture, 'MANIFEST-000002'), path.join(directory, manifest));
  const { code, stderr } = await outcome;
  expect(code).toBe(1);
  expect(stderr).toBe(
    `lsm-lens: ${manifest} is another file by now: the store was deleted and begun anew. ` +
      'Open the directory again to see what it holds\n',
  );
});
