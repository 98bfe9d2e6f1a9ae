// The page behind the contact sheets: draws one scene's frames in a grid, in the real style sheets.
// Bundled by sceneSheets.test.ts and run in Chromium.

import type { LsmEvent } from '../../../src/protocol/events.ts';
import { frameOf } from '../../webview/scenes/sampleFrames.ts';
import { storyOf } from '../../webview/scenes/sampleStories.ts';
import type { StoryName } from '../../webview/scenes/sampleStories.ts';
import { scenes } from '../../../webview/scenes/registry.ts';

/** One picture of a sheet. */
export interface Shot {
  readonly scene: string;
  readonly story: StoryName;
  /** Kind of the event, and which one of that kind in the story, from 0. */
  readonly kind: LsmEvent['kind'];
  readonly nth: number;
  readonly progress: number;
  readonly width: number;
  readonly height: number;
  readonly reducedMotion?: boolean;
}

/** What is wrong with a drawn picture, as the browser measures it. */
export interface Flaw {
  readonly shot: string;
  readonly flaw: string;
}

declare global {
  interface Window {
    drawSheet(shots: readonly Shot[]): readonly Flaw[];
  }
}

window.drawSheet = (shots) => {
  document.body.replaceChildren();
  return shots.flatMap((shot) => {
    const label = labelOf(shot);
    const box = document.createElement('figure');
    const caption = document.createElement('figcaption');
    caption.textContent = label;
    const root = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    root.setAttribute('width', String(shot.width));
    root.setAttribute('height', String(shot.height));
    box.append(caption, root);
    document.body.append(box);
    const scene = scenes.find(({ name }) => name === shot.scene);
    const frame = frameOf(storyOf(shot.story), shot.kind, shot.nth, shot.progress);
    if (scene === undefined || frame === undefined) {
      return [{ shot: label, flaw: 'no such scene or event' }];
    }
    const reducedMotion = shot.reducedMotion ?? false;
    scene.draw(root, { ...frame, reducedMotion }, shot.width, shot.height);
    return flawsOf(root).map((flaw) => ({ shot: label, flaw }));
  });
};

function labelOf(shot: Shot): string {
  const motion = shot.reducedMotion === true ? ' reduced' : '';
  return (
    `${shot.scene} ${shot.story} ${shot.kind}[${shot.nth}] ${shot.progress}${motion} ` +
    `${shot.width}×${shot.height}`
  );
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
    .filter(
      ({ box }) =>
        box.left < outer.left - 0.5 ||
        box.right > outer.right + 0.5 ||
        box.bottom > outer.bottom + 1 ||
        box.top < outer.top - 1,
    )
    .map(({ text }) => `'${text}' leaves the picture`);
  const overlapping = texts.flatMap((one, index) =>
    texts
      .slice(index + 1)
      .filter((other) => overlap(one.box, other.box))
      .map((other) => `'${one.text}' overlaps '${other.text}'`),
  );
  return [...clipped, ...overlapping];
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
