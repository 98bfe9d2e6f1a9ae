// Tables that have left the tree and wait on disk until no reader holds them; one of them goes now.

import { counted, formatBytes } from '../../model/format.ts';
import type { Canvas } from '../drawing/canvas.ts';
import type { Area } from '../drawing/mark.ts';
import { eased } from '../drawing/motion.ts';

/** Draws the ghosts; `file` fades away. */
export function drawGhosts(canvas: Canvas, file: number, area: Area): void {
  const { sketch, small, compact, frame, progress } = canvas;
  const ghosts = frame.state.families.flatMap((family) => family.ghosts);
  sketch.run('ghosts', area.x, area.y + small - 1, area.width, [
    [counted(ghosts.length, 'ghost'), { size: small, strong: true }],
    ['tables out of the tree, still on disk', { size: small, tone: 'dim' }],
  ]);
  const row = compact ? 18 : 32;
  const width = compact ? 150 : 220;
  const columns = Math.max(1, Math.floor(area.width / width));
  const top = area.y + small + 8;
  for (const [index, table] of ghosts.entries()) {
    const y = top + Math.floor(index / columns) * row;
    if (y + row > area.y + area.height) break;
    const gone = table.file === file ? eased(progress, 0.2, 0.9) : 0;
    const box = { x: area.x + (index % columns) * width, y, width: width - 10, height: row - 5 };
    const opacity = 1 - gone * 0.8;
    sketch.box(`ghost.${table.file}`, box, { form: 'dashed', tone: 'dim', opacity });
    sketch.run(
      `ghost.${table.file}`,
      box.x + 8,
      y + box.height / 2 + small * 0.36,
      box.width - 12,
      [
        [table.name, { size: small, opacity, struck: gone > 0.5 }],
        [formatBytes(table.sizeBytes), { size: small, tone: 'dim', opacity, shorten: 'whole' }],
      ],
    );
  }
}
