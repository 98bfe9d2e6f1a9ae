// A button with a panel of controls that opens below it; Escape and clicks elsewhere close it.

import { element } from '../views/element.ts';
import { createButton } from './toolkit.ts';
import type { ButtonElement } from './toolkit.ts';

export class Popover {
  readonly element: HTMLElement;
  readonly panel: HTMLElement;
  readonly button: ButtonElement;

  constructor(label: string, onOpen: () => void = () => {}) {
    this.button = createButton(label, 'secondary', () => this.toggle(onOpen));
    this.button.setAttribute('aria-haspopup', 'dialog');
    this.button.setAttribute('aria-expanded', 'false');
    this.panel = element('div', {
      class: 'popover',
      role: 'dialog',
      'aria-label': label,
      hidden: '',
    });
    this.element = element('div', { class: 'popover-anchor' }, this.button, this.panel);
    this.element.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key !== 'Escape' || this.panel.hidden) return;
      this.close();
      this.button.focus();
    });
    // The button that had the focus may be disabled by now: then the key comes from elsewhere.
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    document.addEventListener('pointerdown', (event) => {
      if (event.target instanceof Node && !this.element.contains(event.target)) this.close();
    });
  }

  close(): void {
    this.panel.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
  }

  private toggle(onOpen: () => void): void {
    if (!this.panel.hidden) return this.close();
    onOpen();
    this.panel.hidden = false;
    this.button.setAttribute('aria-expanded', 'true');
  }
}

/** A labelled line of a panel. */
export function field(name: string, control: HTMLElement): HTMLElement {
  return element('label', { class: 'field' }, element('span', {}, name), control);
}
