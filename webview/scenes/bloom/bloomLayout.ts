// Asking one table, put together: the filter, then index, block and search. The whole stage keeps
// all of them in sight, a wide strip shows two halves, a narrow one the step that is being taken.

import type { Frame } from '../../model/frame.ts';
import { formatCount } from '../../model/format.ts';
import { fileText, keyText } from '../../model/keyText.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { drawRest, heading, openCanvas, stations } from '../drawing/canvas.ts';
import type { Area, Mark } from '../drawing/mark.ts';
import { drawFilterShares } from '../flow/filterShares.ts';
import { drawBlockRead, drawBlockSearch, drawIndexSeek } from './blockLookup.ts';
import { drawFilterCheck } from './filterCheck.ts';
import type { LookupStory } from './lookupStory.ts';
import { latestAsked, lookupSteps, lookupStory } from './lookupStory.ts';

const halvesWidthMin = 820;
const waiting = 'A get that comes to a table asks its filter first. Type get and a key to see it.';

/** The marks of one frame of a filter check and what follows it. */
export function layoutBloom(frame: Frame, width: number, height: number): readonly Mark[] {
  const asked = latestAsked(frame);
  const canvas = openCanvas(asked, width, height);
  if (frame.flow !== null) {
    drawFilterShares(canvas);
    return canvas.sketch.marks;
  }
  const story = lookupStory(asked);
  drawHeading(canvas, story);
  if (story.step < 0) drawRest(canvas, waiting);
  else if (!canvas.compact) drawStage(canvas, story);
  else if (canvas.body.width >= halvesWidthMin) drawHalves(canvas, story);
  else drawStep(canvas, story, story.step, canvas.body);
  return canvas.sketch.marks;
}

function drawHeading(canvas: Canvas, story: LookupStory): void {
  const dim = { size: canvas.small, tone: 'dim' } as const;
  const { check } = story;
  const filter =
    check === undefined
      ? ''
      : `${formatCount(check.bitCount)} bits, ${check.probesMax} probes a key`;
  const key = story.key === undefined ? '' : keyText(story.key);
  heading(
    canvas,
    story.step < 0
      ? [['filter check', { strong: true }]]
      : [
          [`L${story.level} ${fileText(story.file)}`, { strong: true }],
          [
            story.key === undefined
              ? 'read by a scan'
              : story.step === 0
                ? 'may it hold'
                : 'asked for',
            dim,
          ],
          [key, { face: 'code', shorten: 'start', widthMax: 160 }],
          [filter, { ...dim, shorten: 'whole' }],
        ],
    stations(lookupSteps, story.step),
  );
}

/** One step; those before the shown one stand finished. */
function drawStep(canvas: Canvas, story: LookupStory, step: number, area: Area): void {
  if (step > story.step) return;
  const progress = step < story.step ? 1 : canvas.progress;
  if (step === 0) drawFilterCheck(canvas, story, area, progress);
  if (step === 1 && story.seek !== undefined) drawIndexSeek(canvas, story.seek, area, progress);
  if (step === 2 && story.read !== undefined) drawBlockRead(canvas, story.read, area, progress);
  if (step === 3 && story.search !== undefined) {
    drawBlockSearch(canvas, story, story.search, area, progress);
  }
}

function drawHalves(canvas: Canvas, story: LookupStory): void {
  const { body } = canvas;
  const left = { ...body, width: body.width * 0.48 };
  const rightX = body.x + left.width + 28;
  drawStep(canvas, story, 0, left);
  if (story.step === 0) return;
  drawStep(canvas, story, story.step, { ...body, x: rightX, width: body.x + body.width - rightX });
}

function drawStage(canvas: Canvas, story: LookupStory): void {
  const { body } = canvas;
  const filterHeight = Math.min(body.height * 0.56, 300);
  const gap = 26;
  const restTop = body.y + filterHeight + gap;
  const half = (body.width - gap) / 2;
  const rest = { ...body, y: restTop, height: body.y + body.height - restTop };
  drawStep(canvas, story, 0, { ...body, height: filterHeight });
  drawStep(canvas, story, 1, { ...rest, width: half });
  const right = { ...rest, x: body.x + half + gap, width: half };
  drawStep(canvas, story, 2, { ...right, height: 60 });
  drawStep(canvas, story, 3, { ...right, y: right.y + 76, height: right.height - 76 });
  drawAhead(canvas, story, [rest, right, { ...right, y: right.y + 76 }]);
}

/** What is not asked yet, or will not be. */
function drawAhead(canvas: Canvas, story: LookupStory, areas: readonly Area[]): void {
  const { sketch, small, progress } = canvas;
  const spared = story.step === 0 && story.check?.verdict === 'absent' && progress > 0.9;
  const words = spared
    ? ['index: not asked', 'block: not read', 'entries: not searched']
    : ['index: asked if the filter says maybe', 'block: read if the index names one', 'entries'];
  for (const [index, { x, y, width }] of areas.entries()) {
    if (index + 1 <= story.step) continue;
    const style = {
      size: small,
      tone: 'dim',
      struck: spared,
      opacity: 0.8,
      widthMax: width,
    } as const;
    sketch.text(`ahead.${index}`, x, y + small - 1, words[index]!, style);
  }
}
