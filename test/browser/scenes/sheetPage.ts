// The page behind the contact sheets: draws frames in a grid, in the real style sheets, and
// measures what was written. Bundled by sceneSheets.test.ts and run in Chromium.

import type { Frame } from '../../../webview/model/frame.ts';
import { scenes } from '../../../webview/scenes/registry.ts';

/** One picture of a sheet. */
export interface Picture {
  readonly label: string;
  readonly scene: string;
  readonly frame: Frame;
  readonly width: number;
  readonly height: number;
}

/** What is wrong with a drawn picture, as the browser measures it. */
export interface Flaw {
  readonly picture: string;
  readonly flaw: string;
}

declare global {
  interface Window {
    drawSheet(pictures: readonly Picture[]): readonly Flaw[];
  }
}

window.drawSheet = (pictures) => {
  document.body.replaceChildren();
  return pictures.flatMap(drawPicture);
};

function drawPicture({ label, scene: name, frame, width, height }: Picture): readonly Flaw[] {
  const caption = document.createElement('figcaption');
  caption.textContent = label;
  const root = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  root.setAttribute('width', String(width));
  root.setAttribute('height', String(height));
  const figure = document.createElement('figure');
  figure.append(caption, root);
  document.body.append(figure);
  const scene = scenes.find((candidate) => candidate.name === name);
  if (scene === undefined) return [{ picture: label, flaw: 'no such scene' }];
  scene.draw(root, frame, width, height);
  return flawsOf(root).map((flaw) => ({ picture: label, flaw }));
}

interface Written {
  readonly text: string;
  readonly box: DOMRect;
}

/** Texts that overlap each other or leave the picture; those in motion may pass over others. */
function flawsOf(root: SVGSVGElement): readonly string[] {
  const outer = root.getBoundingClientRect();
  const texts: readonly Written[] = [...root.querySelectorAll<SVGTextElement>('text:not(.moving)')]
    .filter((element) => Number(element.getAttribute('opacity') ?? 1) > 0.15)
    .map((element) => ({ text: element.textContent, box: element.getBoundingClientRect() }));
  const clipped = texts
    .filter(({ box }) => !within(box, outer))
    .map(({ text }) => `'${text}' leaves the picture`);
  const overlapping = texts.flatMap((one, index) =>
    texts
      .slice(index + 1)
      .filter((other) => overlap(one.box, other.box))
      .map((other) => `'${one.text}' overlaps '${other.text}'`),
  );
  return [...clipped, ...overlapping];
}

function within(inner: DOMRect, outer: DOMRect): boolean {
  return (
    inner.left >= outer.left - 0.5 &&
    inner.right <= outer.right + 0.5 &&
    inner.top >= outer.top - 1 &&
    inner.bottom <= outer.bottom + 1
  );
}

function overlap(one: DOMRect, other: DOMRect): boolean {
  // A line's box holds the space above capitals and below the baseline: a fifth of it each.
  const trim = (box: DOMRect): number => box.height * 0.2;
  return (
    one.left < other.right - 1 &&
    other.left < one.right - 1 &&
    one.top + trim(one) < other.bottom - trim(other) &&
    other.top + trim(other) < one.bottom - trim(one)
  );
}
