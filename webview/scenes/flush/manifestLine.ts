// What makes a finished table count: one line in the manifest, synced; only then may the old log
// segments go.

import { fileText } from '../../model/keyText.ts';
import type { LsmEventBody } from '../../../src/protocol/events.ts';
import { formatBytes, inTime } from '../../model/format.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { logName } from '../drawing/figures.ts';
import { hatchPath } from '../drawing/hatch.ts';
import type { Area } from '../drawing/mark.ts';
import { eased, span } from '../drawing/motion.ts';
import { ELLIPSIS, shortenEnd, textWidth } from '../drawing/textWidth.ts';

export type ManifestEdit = Extract<LsmEventBody, { readonly kind: 'manifest.edit' }>;

/** What the edit says, as one line. */
export function editWords(edit: ManifestEdit): string {
  const added = edit.added.map(({ level, table }) => `add ${fileText(table.file)} to L${level}`);
  const removed = edit.removed.map(({ level, file }) => `remove ${fileText(file)} from L${level}`);
  const logs = edit.flushedMemtable > 0 ? [`logs before ${edit.oldestWal} no longer needed`] : [];
  return [...added, ...removed, ...logs].join('; ');
}

/** Draws the edit's line as it is written and synced; `undefined` leaves its place empty. */
export function drawManifest(canvas: Canvas, edit: ManifestEdit | undefined, area: Area): void {
  const { sketch, small, frame, progress } = canvas;
  const now = frame.event?.kind === 'manifest.edit' ? progress : 1;
  const caption = area.y + small - 1;
  const name = edit?.manifest ?? frame.next.manifest.name;
  const synced = now >= 0.85;
  const state =
    edit === undefined ? '' : synced ? `synced${inTime(edit.syncMicros)}` : 'not synced yet';
  sketch.run('manifest.caption', area.x, caption, area.width, [
    [name === '' ? 'manifest' : name, { size: small, strong: true }],
    [state, { size: small, tone: synced ? 'durable' : 'unsynced', strong: true }],
  ]);
  const box = {
    ...area,
    y: area.y + small + 4,
    height: Math.min(canvas.compact ? 18 : 28, area.height - small - 4),
  };
  if (edit === undefined) {
    sketch.box('manifest.line', box, { form: 'dashed', tone: 'edge' });
    return;
  }
  const swept = eased(now, 0.5, 0.85);
  const solid = { ...box, width: box.width * swept };
  const open = { ...box, x: box.x + solid.width, width: box.width - solid.width };
  sketch.box('manifest.line', box, { form: 'card', tone: synced ? 'durable' : 'unsynced' });
  sketch.path('manifest.hatch', hatchPath(open), { tone: 'unsynced', opacity: 0.3 });
  sketch.box('manifest.solid', solid, { form: 'tint', tone: 'durable' });
  const style = { size: small, face: 'code', strong: false } as const;
  const whole = shortenEnd(editWords(edit), box.width - 16, style);
  const written = Array.from(whole)
    .slice(0, Math.ceil(whole.length * span(now, 0, 0.5)))
    .join('');
  const cursor = now < 0.5 && written.length < whole.length ? ELLIPSIS : '';
  const plate = {
    x: box.x + 5,
    y: box.y + 2.5,
    width: textWidth(whole, style) + 6,
    height: box.height - 5,
  };
  sketch.box('manifest.plate', plate, { form: 'plate', radius: 2 });
  sketch.text(
    'manifest.words',
    box.x + 8,
    box.y + box.height / 2 + small * 0.36,
    written + cursor,
    {
      ...{ ...style, widthMax: box.width - 12 },
    },
  );
}

/** Draws the log segments; one that is deleted fades, the active one is marked. */
export function drawLogs(canvas: Canvas, area: Area): void {
  const { sketch, small, frame, progress, compact } = canvas;
  const { event } = frame;
  const { segments, active } = frame.next.wal;
  const going = event?.kind === 'wal.delete' ? event.wal : 0;
  const leaving = frame.state.wal.segments.filter(({ file }) => file === going);
  const fresh = event?.kind === 'wal.rotate' ? event.to : 0;
  const width = compact ? 118 : 170;
  const height = Math.min(area.height - small - 5, compact ? 16 : 30);
  sketch.text('logs', area.x, area.y + small - 1, 'log segments', { size: small, tone: 'dim' });
  const top = area.y + small + 4;
  for (const [index, segment] of [...leaving, ...segments].entries()) {
    const x = area.x + index * (width + 10);
    if (x + width > area.x + area.width) break;
    const { file, sizeBytes } = segment;
    const gone = file === going ? eased(progress, 0.1, 0.8) : 0;
    const opacity = file === fresh ? span(progress, 0.2, 0.7) : 1 - gone * 0.75;
    const form = gone > 0.4 ? 'dashed' : 'card';
    const tone = file === active ? 'writing' : gone > 0 ? 'edge' : 'durable';
    sketch.box(`log.${file}`, { x, y: top, width, height }, { form, tone, opacity });
    sketch.run(`log.${file}`, x + 7, top + height / 2 + small * 0.36, width - 12, [
      [logName(file), { size: small, opacity, struck: gone > 0.4 }],
      [
        file === active ? 'active' : formatBytes(sizeBytes),
        { size: small - 0.5, tone: 'dim', opacity, shorten: 'whole' },
      ],
    ]);
  }
}
