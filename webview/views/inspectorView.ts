// The inspector: what the selected thing is, its blocks when it is a table, and what the colours
// mean.

import type { BlockDetails, TableDetails } from '../../src/protocol/messages.ts';
import { TABLE_COLOURINGS } from '../layout/tableColour.ts';
import type { TableColouring } from '../layout/tableColour.ts';
import { createDropdown } from '../controls/toolkit.ts';
import { counted, formatBytes, formatCount } from '../model/format.ts';
import type { Inspection, InspectionRow } from '../model/inspection.ts';
import { keyText, shortened } from '../model/keyText.ts';
import { element, setText } from './element.ts';

/** Squares drawn for a table's blocks; beyond, one stands for several. */
const SQUARES_MAX = 300;
const KEY_CHARACTERS = 36;

const LEGEND: readonly (readonly [look: string, words: string])[] = [
  ['durable', 'durable'],
  ['hatched', 'not durable yet'],
  ['reading', 'being read'],
  ['writing', 'being written'],
  ['merging', 'being merged'],
  ['tombstone', '† tombstone'],
];

export class InspectorView {
  readonly element: HTMLElement;
  private readonly title = element('h2', { class: 'inspector-title' });
  private readonly subtitle = element('p', { class: 'inspector-subtitle' });
  private readonly rows = element('dl', { class: 'inspector-rows' });
  private readonly blocks = element('div', {
    class: 'blocks',
    role: 'list',
    'aria-label': 'Blocks',
  });
  private readonly block = element('p', { class: 'block-words', role: 'status' });
  private readonly optionCount = element('summary');
  private readonly options = element('dl', { class: 'inspector-rows' });
  private readonly optionsBox = element(
    'details',
    { class: 'inspector-options', hidden: '' },
    this.optionCount,
    this.options,
  );
  private drawnRows = '';
  private drawnOptions: readonly InspectionRow[] | undefined;
  private drawnDetails: TableDetails | undefined;

  constructor(onColouring: (colouring: TableColouring) => void) {
    const options = TABLE_COLOURINGS.map((name) => [name, `colour: ${name}`] as const);
    const colouring = createDropdown('Colour of tables', options, 'level', (value) => {
      const known = TABLE_COLOURINGS.find((name) => name === value);
      if (known !== undefined) onColouring(known);
    });
    colouring.classList.add('colouring');
    const legend = element('ul', { class: 'legend', 'aria-label': 'Legend' });
    for (const [look, words] of LEGEND) {
      legend.append(element('li', {}, element('i', { class: `swatch ${look}` }), words));
    }
    this.element = element(
      'section',
      { class: 'inspector', 'aria-label': 'Inspector' },
      this.title,
      this.subtitle,
      this.rows,
      this.optionsBox,
      this.blocks,
      this.block,
      element('div', { class: 'legend-box' }, legend, colouring),
    );
  }

  /** @param details the selected table's blocks, when they are known */
  draw(inspection: Inspection, details: TableDetails | undefined): void {
    setText(this.title, inspection.title);
    setText(this.subtitle, inspection.subtitle);
    const drawn = JSON.stringify(inspection.rows);
    if (drawn !== this.drawnRows) {
      this.drawnRows = drawn;
      this.rows.replaceChildren(...rowElements(inspection.rows));
    }
    this.drawOptions(inspection.options);
    if (details !== this.drawnDetails) this.drawBlocks(details);
  }

  private drawOptions(options: readonly InspectionRow[] | undefined): void {
    if (options === this.drawnOptions) return;
    this.drawnOptions = options;
    this.optionsBox.hidden = options === undefined || options.length === 0;
    if (options === undefined) return;
    setText(this.optionCount, counted(options.length, 'option'));
    this.options.replaceChildren(...rowElements(options));
  }

  private drawBlocks(details: TableDetails | undefined): void {
    this.drawnDetails = details;
    const blocks = details?.blocks ?? [];
    this.blocks.hidden = blocks.length === 0;
    const each = Math.max(1, Math.ceil(blocks.length / SQUARES_MAX));
    const squares: HTMLElement[] = [];
    for (let at = 0; at < blocks.length; at += each) {
      const first = blocks[at];
      if (first !== undefined)
        squares.push(this.createSquare(first, blocks.slice(at, at + each), at));
    }
    this.blocks.replaceChildren(...squares);
    const scale = each > 1 ? ` · 1 square = ${each} blocks` : '';
    setText(this.block, blocks.length === 0 ? '' : `${counted(blocks.length, 'block')}${scale}`);
  }

  private createSquare(
    first: BlockDetails,
    blocks: readonly BlockDetails[],
    at: number,
  ): HTMLElement {
    const words = blockWords(first, blocks, at);
    const square = element('button', {
      type: 'button',
      class: `block ${first.blockKind}`,
      role: 'listitem',
      title: words,
      'aria-label': words,
    });
    square.addEventListener('click', () => setText(this.block, words));
    return square;
  }
}

function blockWords(first: BlockDetails, blocks: readonly BlockDetails[], at: number): string {
  if (blocks.length > 1) return `${first.blockKind} blocks ${at} to ${at + blocks.length - 1}`;
  const size = `${formatBytes(first.rawSizeBytes)} → ${formatBytes(first.sizeBytes)}`;
  const parts = [`${first.blockKind} block at ${formatCount(first.offset)}`, size];
  if (first.blockKind === 'data') {
    parts.push(counted(first.entries, 'entry', 'entries'));
    parts.push(`from ${shortened(keyText(first.firstKey), KEY_CHARACTERS)}`);
  }
  return parts.join(' · ');
}

function rowElements(rows: readonly InspectionRow[]): HTMLElement[] {
  return rows.flatMap((row) => [
    element('dt', {}, row.name),
    element('dd', row.isKey === true ? { class: 'key' } : {}, row.value),
  ]);
}
