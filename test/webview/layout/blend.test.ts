import { describe, expect, it } from 'vitest';
import { blended, eased } from '../../../webview/layout/blend.ts';
import type { BoxMark, Picture, TextMark } from '../../../webview/layout/marks.ts';
import { EMPTY_PICTURE } from '../../../webview/layout/marks.ts';

function box(key: string, x: number, more: Partial<BoxMark> = {}): BoxMark {
  return { key, x, y: 0, width: 10, height: 10, look: 'table', ...more };
}

function picture(...boxes: readonly BoxMark[]): Picture {
  return { ...EMPTY_PICTURE, boxes };
}

describe('blending', () => {
  const before = picture(box('stays', 0), box('goes', 50));
  const after = picture(box('stays', 100), box('comes', 50));

  it('is the one picture at the start and the other at the end', () => {
    expect(blended(before, after, 0)).toBe(before);
    expect(blended(before, after, 1)).toBe(after);
  });

  it('moves what stays, without ever turning back', () => {
    let last = 0;
    for (let step = 1; step < 20; step++) {
      const { boxes } = blended(before, after, step / 20);
      const { x } = boxes.find((mark) => mark.key === 'stays')!;
      expect(x).toBeGreaterThan(last);
      last = x;
    }
    expect(last).toBeLessThan(100);
  });

  it('never shows at once what goes and what comes', () => {
    for (let step = 1; step < 20; step++) {
      const { boxes } = blended(before, after, step / 20);
      const goes = boxes.find((mark) => mark.key === 'goes')!.opacity!;
      const comes = boxes.find((mark) => mark.key === 'comes')!.opacity!;
      expect(Math.min(goes, comes)).toBe(0);
    }
  });

  it('with reduced motion fades over instead of travelling', () => {
    for (const progress of [0.2, 0.4, 0.6, 0.8]) {
      const mark = blended(before, after, progress, false).boxes.find(
        (one) => one.key === 'stays',
      )!;
      expect([0, 100]).toContain(mark.x);
      expect(mark.opacity).toBeLessThan(1);
    }
  });

  it('lets a name that appears on the way travel with its box', () => {
    const name: TextMark = {
      key: 'name',
      x: 106,
      y: 9,
      text: '000012',
      style: 'key-small',
      look: '',
      width: 40,
      rides: 'stays',
    };
    const named: Picture = { ...after, texts: [name] };
    for (const progress of [0.6, 0.8, 0.95]) {
      const { boxes, texts } = blended(before, named, progress);
      const carrier = boxes.find((mark) => mark.key === 'stays')!;
      expect(texts[0]!.x - carrier.x).toBeCloseTo(6);
      const back = blended(named, before, 1 - progress);
      const carrierBack = back.boxes.find((mark) => mark.key === 'stays')!;
      expect(back.texts[0]!.x - carrierBack.x).toBeCloseTo(6);
    }
  });

  it('keeps the identity of what does not change', () => {
    const same = box('same', 5);
    const { boxes } = blended(picture(same, box('a', 0)), picture(same, box('a', 9)), 0.5);
    expect(boxes.find((mark) => mark.key === 'same')).toBe(same);
  });
});

describe('easing', () => {
  it('runs from 0 to 1 and is half way at the half', () => {
    expect([0, 0.5, 1].map(eased)).toEqual([0, 0.5, 1]);
  });
});
