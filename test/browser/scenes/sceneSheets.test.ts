// Draws every close-up in a real Chromium, in every theme and at several sizes, and lets the
// browser measure what was written: no text may overlap another or leave its picture. The sheets
// are kept in test/out/scenes/ to be looked at.

import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../../scripts/paths.mjs';
import type { FlowRates } from '../../../webview/model/frame.ts';
import { launchBrowser } from '../launchBrowser.ts';
import { frameOf } from '../../webview/scenes/sampleFrames.ts';
import { storyOf } from '../../webview/scenes/sampleStories.ts';
import type { Shot } from './sheets.ts';
import { sheets } from './sheets.ts';
import type { Picture } from './sheetPage.ts';

const themes = ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const;
const output = path.join(root, 'test/out/scenes');

let browser: Browser;
let script: string;
let styles: string;

beforeAll(async () => {
  const entry = path.join(root, 'test/browser/scenes/sheetPage.ts');
  const options = { bundle: true, write: false, platform: 'browser', format: 'iife' } as const;
  const built = await build({ entryPoints: [entry], ...options });
  script = built.outputFiles[0]!.text;
  const names = ['theme/local.css', 'theme/tokens.css', 'scenes/scenes.css'];
  const texts = names.map((name) => readFile(path.join(root, 'webview', name), 'utf8'));
  styles = (await Promise.all(texts)).join('\n') + sheetStyle;
  await mkdir(output, { recursive: true });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
});

const sheetStyle = `
  body { margin: 12px; background: var(--lsm-background); font: 11px sans-serif;
    display: flex; flex-wrap: wrap; gap: 10px; align-items: flex-start; }
  figure { margin: 0; }
  figcaption { color: var(--lsm-text-dim); opacity: 0.7; font-size: 9px; }
  svg { border: 1px solid var(--lsm-border); background: var(--lsm-panel); display: block; }
`;

for (const sheet of sheets) {
  test(`nothing overlaps or is cut off: ${sheet.name}`, async () => {
    const page = await browser.newPage({ viewport: { width: sheet.width, height: 900 } });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.setContent(`<style>${styles}</style><body class="lsm-local vscode-dark"></body>`);
    await page.addScriptTag({ content: script });
    const pictures = await Promise.all(sheet.shots.map(pictureOf));
    const flaws = await page.evaluate((drawn) => window.drawSheet(drawn), pictures);
    for (const theme of sheet.themes ?? themes.slice(0, 1)) {
      await page.evaluate((name) => {
        document.body.className = `lsm-local vscode-${name}`;
      }, theme);
      const file = path.join(output, `${sheet.name}-${theme}.png`);
      await page.screenshot({ path: file, fullPage: true });
    }
    await page.close();
    expect(errors).toEqual([]);
    expect(flaws).toEqual([]);
  });
}

async function pictureOf(shot: Shot): Promise<Picture> {
  const { scene, story, kind, nth, progress, width, height } = shot;
  const { reducedMotion = false, flowing = false } = shot;
  const frame = frameOf(await storyOf(story), kind, nth, progress);
  const label = `${scene}: ${story}, ${kind} ${nth} at ${progress}, ${width}×${height}`;
  if (frame === undefined) throw new Error(`no such event: ${label}`);
  const flow = flowing ? rates : null;
  return { label, scene, frame: { ...frame, reducedMotion, flow }, width, height };
}

const rates: FlowRates = {
  perSecond: { 'write.end': 81_234, 'wal.sync': 3, 'get.end': 412, 'filter.check': 990 },
  totalPerSecond: 200_000,
  writeBytesPerSecond: 9_123_456,
};
