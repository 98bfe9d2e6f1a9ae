// What the last blocks of a table hold: the index one line for each data block, the footer one for
// each of the others, as offset and size; after the sync, what the whole table holds.

import { counted, formatBytes, formatCount, formatShare } from '../../model/format.ts';
import { keyText } from '../../model/keyText.ts';
import type { Canvas } from '../drawing/canvas.ts';
import type { Area, Tone } from '../drawing/mark.ts';
import { span } from '../drawing/motion.ts';
import { textWidth } from '../drawing/textWidth.ts';
import type { TableBlock, TableStory } from './tableStory.ts';

interface Line {
  readonly name: string;
  readonly words: string;
}

interface Directory {
  readonly title: string;
  readonly why: string;
  readonly tone: Tone;
  readonly lines: readonly Line[];
}

/** Draws what the newest block of the file's tail is for, or what the synced table holds. */
export function drawDirectory(canvas: Canvas, story: TableStory, area: Area): void {
  const { sketch, small, compact, frame, progress } = canvas;
  const { title, why, tone, lines } = directoryOf(story);
  sketch.run('directory', area.x, area.y + small - 1, area.width, [
    [title, { size: small, strong: true, tone }],
    [why, { size: small, tone: 'dim' }],
  ]);
  const row = compact ? 14 : 22;
  const top = area.y + small + (compact ? 6 : 14);
  const rows = Math.max(1, Math.floor((area.y + area.height - top) / row));
  const columnWidth = compact ? 190 : 300;
  const columns = Math.max(1, Math.floor(area.width / columnWidth));
  const fits = Math.min(lines.length, rows * columns);
  const crowded = lines.length > fits;
  const shown = crowded ? lines.slice(0, fits - 1) : lines;
  const growing = frame.event?.kind === 'table.block' || frame.event?.kind === 'table.create';
  const reached = growing ? span(progress, 0.1, 0.8) * shown.length : shown.length;
  const style = { size: small, face: 'plain', strong: false } as const;
  const nameWidth = Math.max(0, ...shown.map(({ name }) => textWidth(name, style))) + 10;
  const at = (index: number): { x: number; y: number } => ({
    x: area.x + Math.floor(index / rows) * columnWidth,
    y: top + (index % rows) * row + row / 2 + small * 0.36,
  });
  for (const [index, { name, words }] of shown.entries()) {
    const opacity = Math.min(1, Math.max(0, reached - index));
    const { x, y } = at(index);
    sketch.text(`line.${index}.name`, x, y, name, { size: small, opacity, tone });
    sketch.text(`line.${index}`, x + nameWidth, y, words, {
      ...{ size: small, face: 'code', opacity, widthMax: columnWidth - nameWidth - 12 },
    });
  }
  if (!crowded) return;
  const { x, y } = at(shown.length);
  sketch.text('line.more', x, y, `and ${formatCount(lines.length - shown.length)} more`, {
    size: small,
    tone: 'dim',
  });
}

function directoryOf(story: TableStory): Directory {
  if (story.created !== undefined) return tableFacts(story.created.table);
  const newest = story.closed.at(-1);
  const data = story.closed.filter(({ blockKind }) => blockKind === 'data');
  switch (newest?.blockKind) {
    case 'index':
      return {
        title: 'index',
        why: 'where each data block lies, to be searched by halving',
        tone: 'merging',
        lines: data.map((block) => ({ name: `block ${block.block}`, words: whereabouts(block) })),
      };
    case 'footer':
      return {
        title: 'footer',
        why: 'always last: where to begin when the table is opened',
        tone: 'text',
        lines: story.closed
          .filter(({ blockKind }) => blockKind !== 'data' && blockKind !== 'footer')
          .map((block) => ({ name: block.blockKind, words: whereabouts(block) })),
      };
    case 'properties':
      return {
        title: 'properties',
        why: 'counts and ranges, read when the table is opened',
        tone: 'text',
        lines: [
          {
            name: 'so far',
            words: `${counted(story.entries, 'entry', 'entries')}, ${formatBytes(story.sizeBytes)}`,
          },
        ],
      };
    default:
      return filterFacts(story);
  }
}

function filterFacts({ filter }: TableStory): Directory {
  if (filter === undefined) return { title: '', why: '', tone: 'text', lines: [] };
  const share = formatShare(filter.bitsSet / Math.max(1, filter.bitCount));
  const rate = formatShare(filter.predictedFalsePositiveRate);
  return {
    title: 'filter',
    why: 'answers "definitely not here" without reading a block',
    tone: 'text',
    lines: [
      { name: 'keys', words: formatCount(filter.keys) },
      { name: 'bits', words: `${formatCount(filter.bitCount)}, ${share} set` },
      { name: 'will lie', words: `${rate} of the time, as predicted` },
    ],
  };
}

function whereabouts({ offset, sizeBytes }: TableBlock): string {
  return `byte ${formatCount(offset)}, ${formatBytes(sizeBytes)}`;
}

function tableFacts(table: NonNullable<TableStory['created']>['table']): Directory {
  return {
    title: 'synced',
    why: 'from here on the file survives a power failure',
    tone: 'durable',
    lines: [
      { name: 'from', words: keyText(table.smallestKey) },
      { name: 'to', words: keyText(table.largestKey) },
      {
        name: 'entries',
        words: `${formatCount(table.entries)} (${counted(table.tombstones, 'tombstone')})`,
      },
      { name: 'file', words: formatBytes(table.sizeBytes) },
    ],
  };
}
