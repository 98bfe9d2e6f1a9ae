// The console's side of the write path: one token an entry. They arrive, gather into a group that
// gets its sequence numbers together, and take back their acknowledgement.

import type { EntryKind } from '../../../src/protocol/events.ts';
import { counted, formatBytes, formatMicros } from '../../model/format.ts';
import { keyText } from '../../model/keyText.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { sequenceText } from '../drawing/figures.ts';
import type { Area } from '../drawing/mark.ts';
import { between, eased, passage, span } from '../drawing/motion.ts';
import type { Point } from '../drawing/motion.ts';
import type { TextOptions } from '../drawing/sketch.ts';
import { textWidth } from '../drawing/textWidth.ts';
import type { Token, WriteEnd, WriteStory } from './writeStory.ts';

/** Progress at which an acknowledgement reaches its token. */
const landing = 0.7;

/** What a write is called. */
export const verbs: Readonly<Record<EntryKind, string>> = {
  put: 'put',
  delete: '† delete',
  merge: 'merge',
  'single-delete': '† delete once',
  'range-delete': '† delete range',
};

/** Where each token rests, by its key, so that others can travel to and from it. */
export type TokenPlaces = ReadonlyMap<string, Area>;

/** Draws the tokens, their bracket and its label into `area`. */
export function drawTokens(canvas: Canvas, story: WriteStory, area: Area): TokenPlaces {
  const label = canvas.compact ? 0 : canvas.small + 6;
  const height = Math.min(area.height - label - 10, canvas.size * 3.4);
  const gathered = gathering(canvas, story);
  const { shown, places } = placeTokens(canvas, story, { ...area, height }, gathered);
  for (const token of shown) drawToken(canvas, story, token, places.get(token.key)!);
  drawBracket(canvas, story, area, height, [...places.values()], gathered);
  return places;
}

/** 0 while the tokens stand apart, 1 when they form one group. */
function gathering({ frame, progress }: Canvas, story: WriteStory): number {
  if (story.group === undefined) return 0;
  return frame.event?.kind === 'write.group' ? eased(progress, 0, 0.5) : 1;
}

function placeTokens(
  canvas: Canvas,
  story: WriteStory,
  area: Area,
  gathered: number,
): { shown: readonly Token[]; places: TokenPlaces } {
  const gap = between(18, 8, gathered);
  const inset = 6;
  const places = new Map<string, Area>();
  const shown: Token[] = [];
  let x = area.x + inset;
  const right = area.x + area.width - inset;
  for (const [index, token] of story.tokens.entries()) {
    const width = tokenWidth(canvas, token);
    const last = index === story.tokens.length - 1 && story.tokensLeftOut === 0;
    const reserved = last ? 0 : canvas.size * 5;
    if (x + width + reserved > right && shown.length > 0) break;
    const cut = Math.min(width, right - x);
    places.set(token.key, { x, y: area.y + 5, width: cut, height: area.height });
    shown.push(token);
    x += width + gap;
  }
  const hidden = story.tokens.length - shown.length + story.tokensLeftOut;
  if (hidden > 0) {
    const y = area.y + 5 + area.height / 2 + canvas.small * 0.35;
    const style = { size: canvas.small, tone: 'dim', widthMax: right - x } as const;
    canvas.sketch.text('tokens.more', x, y, `+${hidden} more`, style);
  }
  return { shown, places };
}

function tokenWidth(canvas: Canvas, token: Token): number {
  const code = { size: canvas.size, face: 'code', strong: false } as const;
  const side = { size: canvas.small, face: 'plain', strong: false } as const;
  const first = textWidth(`${verbs[token.entry.kind]} ${keyText(token.entry.key)}`, code);
  const second = textWidth(`#00 000 000  ${remark(token)}`, side);
  return Math.min(Math.max(first, second) + 18, canvas.compact ? 190 : 240);
}

function remark({ entry }: Token): string {
  return entry.kind === 'put' || entry.kind === 'merge' ? formatBytes(entry.valueSizeBytes) : '';
}

function drawToken(canvas: Canvas, story: WriteStory, token: Token, area: Area): void {
  const { sketch, size, small, frame, progress } = canvas;
  const arriving = frame.event?.kind === 'write.begin' && frame.event.operation === token.operation;
  const arrival = arriving ? eased(progress, 0, 0.6) : 1;
  const travel = frame.reducedMotion ? 0 : (1 - arrival) * 20;
  const x = Math.max(canvas.body.x, area.x - travel);
  const active = isActive(canvas, story, token);
  const opacity = arrival * (active ? 1 : 0.62);
  const tone = token.entry.kind.endsWith('delete') ? 'tombstone' : active ? 'writing' : 'edge';
  const key = `token.${token.key}`;
  sketch.box(key, { ...area, x }, { form: active ? 'soft' : 'card', tone, opacity });
  const room = area.width - 16;
  const middle = area.y + area.height / 2;
  sketch.run(`${key}.words`, x + 8, middle - 3, room, [
    [verbs[token.entry.kind], { size: small, tone: 'dim', opacity }],
    [keyText(token.entry.key), { face: 'code', opacity, shorten: 'start' }],
  ]);
  sketch.run(
    `${key}.remark`,
    x + 8,
    middle + size * 0.95,
    room,
    remarks(canvas, story, token, opacity),
  );
}

/** The token's second line: its size, then its number, in the end what its writer was told. */
function remarks(
  { small, frame, progress }: Canvas,
  story: WriteStory,
  token: Token,
  opacity: number,
): readonly (readonly [string, TextOptions])[] {
  const dim = { size: small, tone: 'dim', opacity } as const;
  const strong = { size: small, strong: true, opacity } as const;
  const number = token.sequence === undefined ? '' : sequenceText(token.sequence);
  const shown = frame.event?.kind === 'write.end' && progress >= landing ? [frame.event] : [];
  const end = [...story.ended, ...shown].find(({ operation }) => operation === token.operation);
  if (end !== undefined) {
    const tone = end.durable ? 'durable' : 'unsynced';
    return [
      [number, dim],
      [acknowledgement(end), { ...strong, tone }],
    ];
  }
  const numbering = frame.event?.kind === 'write.group' ? span(progress, 0.5, 0.8) : 1;
  if (number !== '')
    return [
      [remark(token), dim],
      [number, { ...strong, opacity: opacity * numbering }],
    ];
  return [
    [remark(token), dim],
    [wantsSync(story, token) ? 'sync' : '', dim],
  ];
}

function acknowledgement({ durationMicros }: WriteEnd): string {
  return `✓ ${formatMicros(durationMicros)}`;
}

function wantsSync(story: WriteStory, token: Token): boolean {
  return story.begins.some(({ operation, sync }) => operation === token.operation && sync);
}

/** The tokens that the shown event is about. */
function isActive({ frame }: Canvas, story: WriteStory, token: Token): boolean {
  const { event } = frame;
  if (event === null) return false;
  if (event.kind === 'write.begin') return event.operation === token.operation;
  if (event.kind === 'write.end') return event.operation === token.operation;
  if (event.kind === 'memtable.insert') return event.sequence === token.sequence;
  return story.group !== undefined;
}

function drawBracket(
  canvas: Canvas,
  story: WriteStory,
  area: Area,
  height: number,
  places: readonly Area[],
  gathered: number,
): void {
  const { sketch, small, frame } = canvas;
  const last = places.at(-1);
  const labelY = area.y + height + 16 + small;
  const room = area.width - 8;
  if (last !== undefined && story.group !== undefined) {
    const frameArea = { ...area, width: last.x + last.width + 6 - area.x, height: height + 10 };
    sketch.box('bracket', frameArea, {
      form: 'outline',
      tone: 'writing',
      opacity: gathered * 0.8,
      radius: 5,
    });
  }
  if (canvas.compact || frame.event?.kind === 'write.end') return;
  const words = groupWords(story);
  const opacity = story.group === undefined ? 1 : gathered;
  sketch.text('bracket.words', area.x + 2, labelY, words, {
    ...{ size: small, tone: 'dim', opacity, widthMax: room },
  });
}

/** Who forms the group, or what the latest writer asks for. */
export function groupWords({ group, begins }: WriteStory): string {
  if (group !== undefined) {
    const writers = counted(group.operations.length, 'writer');
    const entries = counted(group.entries, 'entry', 'entries');
    return `one group: ${writers}, ${entries}, ${formatBytes(group.sizeBytes)}`;
  }
  const latest = begins.at(-1);
  if (latest === undefined) return '';
  const entries = counted(latest.entryCount, 'entry', 'entries');
  const asks = latest.sync ? 'asks to be durable' : 'does not ask for a sync';
  return `${latest.entryCount === 1 ? 'a write' : `a batch of ${entries}`} that ${asks}`;
}

/** The acknowledgement on its way back to the tokens of its operation. */
export function drawAcknowledgement(canvas: Canvas, places: TokenPlaces, from: Point): void {
  const { sketch, small, frame, progress } = canvas;
  const { event } = frame;
  if (event?.kind !== 'write.end' || progress >= landing) return;
  const words = acknowledgement(event);
  const style = { size: small, face: 'plain', strong: true } as const;
  const width = textWidth(words, style) + 14;
  const first = [...places].find(([key]) => key.startsWith(`${event.operation}.`));
  if (first === undefined) return;
  const [, place] = first;
  const home = { x: place.x + 8, y: place.y + place.height / 2 };
  const share = eased(progress, 0.05, landing);
  const { x, y, opacity } = passage(from, home, share, frame.reducedMotion);
  const tone = event.durable ? 'durable' : 'unsynced';
  const box = { x, y, width, height: small + 8 };
  sketch.box('ack', box, { form: 'card', tone, opacity, moving: true });
  sketch.text('ack', x + 7, y + small + 2.5, words, { ...style, opacity, moving: true });
}
