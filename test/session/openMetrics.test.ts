// The text keeps every rule of OpenMetrics, and says what the figures say.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/paths.mjs';
import type { StoreStats } from '../../src/protocol/storeStats.ts';
import { openMetricsText } from '../../src/session/openMetrics.ts';
import { newStore, putAll, bytes } from '../engine/testStore.ts';
import { labelText, parseOpenMetrics } from './openMetricsParser.ts';

async function figures(): Promise<StoreStats> {
  const { store } = await newStore({ memtableSize: 2048, blockSize: 128, maxL0SSTables: 2 });
  for (let entry = 0; entry < 300; entry++) {
    await putAll(store, { [`key${entry % 90}`]: `value ${entry}`.repeat(4) });
  }
  await store.flush();
  await store.waitForIdle();
  for (let entry = 0; entry < 200; entry++) store.getSync(bytes(`key${entry}`));
  const stats = store.stats();
  await store.close();
  return stats;
}

test('a store that has worked is told by the rules, each family with its figure', async () => {
  const stats = await figures();
  const families = parseOpenMetrics(openMetricsText(stats, '/data'));
  const value = (name: string, labels: Readonly<Record<string, string>> = {}): number => {
    const samples = [...families.values()].flatMap((family) => family.samples);
    const wanted = labelText({ store: '/data', ...labels });
    const found = samples.find((sample) => {
      return sample.name === name && labelText(sample.labels) === wanted;
    });
    return found!.value;
  };
  expect(value('lsm_writes_total', { kind: 'put' })).toBe(300);
  expect(value('lsm_gets_total', { result: 'absent' })).toBe(110);
  expect(value('lsm_compactions_total')).toBe(stats.counters.compactions);
  expect(value('lsm_level_bytes', { family: 'default', level: '1' })).toBe(
    stats.levels[1]!.sizeBytes,
  );
  expect(value('lsm_write_duration_seconds_count')).toBe(stats.latencies.write.count);
  expect(value('lsm_write_duration_seconds_sum')).toBeCloseTo(
    stats.latencies.write.sumMicros / 1e6,
  );
  expect(stats.counters.compactions).toBeGreaterThan(0);
});

test('names of stores are escaped', async () => {
  const directory = 'C:\\data "mine"\nanother line';
  const text = openMetricsText(await figures(), directory);
  const [gauge] = parseOpenMetrics(text).get('lsm_memtable_bytes')!.samples;
  expect(gauge!.labels).toEqual({ store: directory, family: 'default' });
});

test('each column family has its samples', async () => {
  const { store } = await newStore();
  const users = await store.createFamily('users');
  await store.put(bytes('ada'), bytes('1'), { family: users });
  await store.flush(users);
  await store.put(bytes('eve'), bytes('2'), { family: users });
  await store.put(bytes('bob'), bytes('3'), { family: users });
  const families = parseOpenMetrics(openMetricsText(store.stats(), '/data'));
  await store.close();
  const figuresOf = (name: string): string[] =>
    families.get(name)!.samples.map(({ labels, value }) => `${labels['family']} ${value}`);
  expect(figuresOf('lsm_memtable_entries')).toEqual(['default 0', 'users 2']);
  const tables = figuresOf('lsm_level_tables').filter((figure) => !figure.endsWith(' 0'));
  expect(tables).toEqual(['users 1']);
});

test('a store that has done nothing keeps the rules, too', async () => {
  const { store } = await newStore();
  const families = parseOpenMetrics(openMetricsText(store.stats(), '/empty'));
  await store.close();
  expect(families.get('lsm_get_duration_seconds')!.samples).toContainEqual({
    name: 'lsm_get_duration_seconds_count',
    labels: { store: '/empty' },
    value: 0,
  });
});

test('docs/metrics.md names every family with its type', async () => {
  const families = parseOpenMetrics(openMetricsText(await figures(), '/data'));
  const page = readFileSync(join(root, 'docs/metrics.md'), 'utf8');
  const told = [...page.matchAll(/^\| `(lsm_\w+)` \| (\w+) \|/gm)];
  const types = Object.fromEntries(told.map(([, name, type]) => [name, type]));
  expect(types).toEqual(
    Object.fromEntries([...families.values()].map(({ name, type }) => [name, type])),
  );
});
