// Asks the browser where every text really is, and finds those that overlap another or are cut off.

import type { Page } from 'playwright-core';

/** Texts that cannot be read; empty when all is well. Covered by a popover counts as meant. */
export async function textFlaws(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    interface Box {
      readonly text: string;
      readonly left: number;
      readonly top: number;
      readonly right: number;
      readonly bottom: number;
    }
    const flaws: string[] = [];
    const boxes: Box[] = [];
    for (const svg of document.querySelectorAll('svg.stage')) {
      const frame = svg.getBoundingClientRect();
      for (const node of svg.querySelectorAll('text')) {
        if (Number(node.getAttribute('opacity') ?? 1) < 0.5 || node.closest('.layer-token'))
          continue;
        if (node.closest('.layer-outlines')) continue;
        const { left, top, right, bottom } = node.getBoundingClientRect();
        const text = node.textContent ?? '';
        // A line's box is taller than its letters: a fifth above and below is air.
        const air = (bottom - top) * 0.2;
        boxes.push({ text, left, top: top + air, right, bottom: bottom - air });
        const out = left < frame.left - 1 || right > frame.right + 1 || bottom > frame.bottom + 1;
        if (out || top < frame.top - 1) flaws.push(`cut off: ${text}`);
      }
    }
    boxes.forEach((a, at) => {
      for (const b of boxes.slice(at + 1)) {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 1) flaws.push(`overlap: ${a.text} | ${b.text}`);
      }
    });
    for (const node of document.querySelectorAll('.top-bar *, .playback-bar *, .side *')) {
      if (node.children.length > 0 || (node.textContent ?? '').trim() === '') continue;
      const box = node.getBoundingClientRect();
      if (box.width === 0) continue;
      if (box.right > innerWidth + 1) flaws.push(`beyond the page: ${node.textContent}`);
    }
    return flaws;
  });
}
