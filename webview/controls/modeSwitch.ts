// Live | Lockstep | History: who sets the pace, and whether the page shows now or then.

import type { PlaybackMode } from '../model/playback.ts';
import { element } from '../views/element.ts';

const MODES: readonly (readonly [PlaybackMode, string, string])[] = [
  ['live', 'Live', 'Shows what happens as it happens; the engine never waits'],
  ['lockstep', 'Lockstep', 'The engine takes its next step only when the last one has been shown'],
  ['history', 'History', 'Rests or plays anywhere in what has happened'],
];

export class ModeSwitch {
  readonly element: HTMLElement;
  private readonly buttons = new Map<PlaybackMode, HTMLButtonElement>();
  private shown: PlaybackMode | undefined;

  constructor(onChoose: (mode: PlaybackMode) => void) {
    this.element = element('div', {
      class: 'mode-switch',
      role: 'radiogroup',
      'aria-label': 'Mode',
    });
    for (const [mode, name, hint] of MODES) {
      const button = element('button', { type: 'button', role: 'radio', title: hint }, name);
      button.addEventListener('click', () => onChoose(mode));
      button.addEventListener('keydown', (event) => this.onKey(event, mode, onChoose));
      this.buttons.set(mode, button);
      this.element.append(button);
    }
  }

  /** @param possible the modes that make sense for what is shown */
  draw(mode: PlaybackMode, possible: ReadonlySet<PlaybackMode>): void {
    for (const [name, button] of this.buttons) {
      const disabled = !possible.has(name);
      if (button.disabled !== disabled) button.disabled = disabled;
    }
    if (mode === this.shown) return;
    this.shown = mode;
    for (const [name, button] of this.buttons) {
      button.setAttribute('aria-checked', String(name === mode));
      button.tabIndex = name === mode ? 0 : -1;
    }
  }

  private onKey(
    event: KeyboardEvent,
    mode: PlaybackMode,
    onChoose: (mode: PlaybackMode) => void,
  ): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = MODES.findIndex(([name]) => name === mode);
    const next = MODES[(at + step + MODES.length) % MODES.length]?.[0];
    if (next === undefined) return;
    onChoose(next);
    this.buttons.get(next)?.focus();
  }
}
