// Level 0 as a pile of tables, the newest on top. A flushed table drops onto it when, and only
// when, the manifest's line about it is durable.

import type { TableInfo } from '../../../src/protocol/events.ts';
import type { FamilyState, LevelState } from '../../../src/protocol/treeState.ts';
import { actingFamily, familyShown } from '../../model/families.ts';
import { counted, formatBytes } from '../../model/format.ts';
import { keyText } from '../../model/keyText.ts';
import type { Canvas } from '../drawing/canvas.ts';
import type { Area } from '../drawing/mark.ts';
import { eased } from '../drawing/motion.ts';

/** Draws the pile into `area`. */
export function drawLevelZero(canvas: Canvas, area: Area): void {
  const { sketch, small, compact, frame, progress } = canvas;
  const family = actingFamily(frame)?.family ?? 0;
  const before = levelZero(familyShown(frame.state, family));
  const after = levelZero(familyShown(frame.next, family));
  const tables = pileOf(after);
  const known = new Set(before?.tables.map(({ file }) => file));
  const drop = frame.event?.kind === 'manifest.edit' ? eased(progress, 0.85, 1) : 1;
  sketch.run('pile', area.x, area.y + small - 1, area.width, [
    ['level 0', { size: small, strong: true }],
    [
      `${counted(drop < 0.5 ? known.size : tables.length, 'table')}, newest on top`,
      { size: small, tone: 'dim' },
    ],
  ]);
  const row = compact ? 17 : 30;
  const top = area.y + small + (compact ? 6 : 12);
  const rows = Math.max(0, Math.floor((area.y + area.height - top) / row));
  const fresh = tables.some(({ file }) => !known.has(file));
  for (const [index, table] of tables.slice(0, rows).entries()) {
    const falls = !known.has(table.file);
    const pushed = fresh && !falls ? 1 - drop : 0;
    const still = frame.reducedMotion;
    const y =
      top + (index - (still ? 0 : pushed)) * row - (falls && !still ? (1 - drop) * row * 0.8 : 0);
    const opacity = falls ? drop : 1;
    const box = { x: area.x, y, width: area.width, height: row - 4 };
    sketch.box(`pile.${table.file}`, box, { form: 'tinted', tone: 'level-0', opacity });
    const baseline = y + box.height / 2 + small * 0.36;
    sketch.run(`pile.${table.file}`, box.x + 8, baseline, box.width - 16, [
      [table.name, { size: small, strong: falls, opacity }],
      [
        `${keyText(table.smallestKey)} to ${keyText(table.largestKey)}`,
        { size: small, face: 'code', opacity },
      ],
      [formatBytes(table.sizeBytes), { size: small, opacity, shorten: 'whole' }],
    ]);
  }
}

function levelZero(family: FamilyState | undefined): LevelState | undefined {
  return family?.levels.find(({ level }) => level === 0);
}

/** Tables of sublevels stand side by side: their writes tell which is newer. */
function pileOf(level: LevelState | undefined): readonly TableInfo[] {
  const tables = level?.tables ?? [];
  if (level?.target.measure !== 'sublevels') return tables;
  return tables.toSorted((left, right) => right.largestSequence - left.largestSequence);
}
