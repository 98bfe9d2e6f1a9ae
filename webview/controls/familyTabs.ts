// The column families, when a store has several: whose memtables and levels the stage shows. The
// log, the cache and the manifest belong to all of them. A family that acts at this moment is
// marked, so that nothing happens unseen behind a tab. Where there are many, only the
// chosen tab has figures; beyond the strip's width it scrolls, the chosen one always seen whole.

import type { FamilyState } from '../../src/protocol/treeState.ts';
import { counted, formatBytes } from '../model/format.ts';
import { element, setText } from '../views/element.ts';

/** More families than these leave no room for everyone's figures. */
const FIGURED_MAX = 5;

interface Tab {
  readonly button: HTMLButtonElement;
  readonly name: HTMLElement;
  readonly figures: HTMLElement;
}

export class FamilyTabs {
  readonly element: HTMLElement;
  private readonly tabs = new Map<number, Tab>();
  private readonly onChoose: (family: number) => void;
  /** The family whose tab was brought into view. */
  private inView = -1;

  constructor(onChoose: (family: number) => void) {
    this.onChoose = onChoose;
    this.element = element('div', {
      class: 'family-tabs',
      role: 'radiogroup',
      'aria-label': 'Column family shown',
      hidden: '',
    });
  }

  /** @param acting the family that acts at this moment */
  draw(families: readonly FamilyState[], shown: number, acting: number | undefined): void {
    this.element.hidden = families.length < 2;
    if (this.element.hidden) return;
    this.element.classList.toggle('crowded', families.length > FIGURED_MAX);
    const present = new Set(families.map(({ family }) => family));
    for (const [family, { button }] of this.tabs) {
      if (present.has(family)) continue;
      button.remove();
      this.tabs.delete(family);
    }
    for (const family of families) this.drawTab(family, shown, acting);
    if (this.inView !== shown) this.bringIntoView(shown);
  }

  private bringIntoView(family: number): void {
    this.inView = family;
    this.tabs.get(family)?.button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  private drawTab(family: FamilyState, shown: number, acting: number | undefined): void {
    const { button, name, figures } = this.tabOf(family.family);
    const chosen = String(family.family === shown);
    if (button.getAttribute('aria-checked') !== chosen) button.setAttribute('aria-checked', chosen);
    button.tabIndex = family.family === shown ? 0 : -1;
    button.classList.toggle('acting', family.family === acting);
    setText(name, family.name);
    const words = figuresOf(family);
    setText(figures, words);
    const title = `${family.name}: ${words}`;
    if (button.title !== title) button.title = title;
  }

  private tabOf(family: number): Tab {
    const known = this.tabs.get(family);
    if (known !== undefined) return known;
    const name = element('span', { class: 'family-name' });
    const figures = element('span', { class: 'family-figures' });
    const button = element('button', { type: 'button', role: 'radio' }, name, figures);
    button.addEventListener('click', () => this.onChoose(family));
    button.addEventListener('keydown', (event) => this.onKey(event, family));
    const tab = { button, name, figures };
    this.tabs.set(family, tab);
    this.element.append(button);
    return tab;
  }

  private onKey(event: KeyboardEvent, family: number): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const order = [...this.tabs.keys()];
    const next = order[(order.indexOf(family) + step + order.length) % order.length];
    if (next === undefined) return;
    this.onChoose(next);
    this.tabs.get(next)?.button.focus();
  }
}

function figuresOf({ levels, memtable }: FamilyState): string {
  const tables = levels.reduce((sum, level) => sum + level.tables.length, 0);
  const bytes = levels.reduce((sum, level) => sum + level.sizeBytes, 0);
  if (tables === 0) return counted(memtable.entries, 'entry', 'entries');
  return `${counted(tables, 'table')} · ${formatBytes(bytes)}`;
}
