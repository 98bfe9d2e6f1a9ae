// Play, pause, step, speed, and where in time the page is.

import { formatClock, formatCount } from '../model/format.ts';
import type { Playback } from '../model/playback.ts';
import { SPEEDS } from '../model/playback.ts';
import type { Timeline } from '../model/timeline.ts';
import { element, setText } from '../views/element.ts';
import type { IconName } from './icons.ts';
import { createIcon, setIcon } from './icons.ts';
import { createDropdown } from './toolkit.ts';

/** What the bar's buttons do. */
export interface PlaybackCommands {
  readonly playOrPause: () => void;
  readonly stepForward: () => void;
  readonly stepBack: () => void;
  readonly stepOver: () => void;
  readonly stepOverBack: () => void;
  readonly setSpeed: (speed: number) => void;
}

export class PlaybackBar {
  readonly element: HTMLElement;
  private readonly playButton: HTMLButtonElement;
  private readonly playIcon: SVGSVGElement;
  private readonly place: HTMLElement;
  private readonly leftOut: HTMLElement;

  constructor(commands: PlaybackCommands) {
    this.playIcon = createIcon('pause');
    this.playButton = iconButton('Play or pause (Space)', this.playIcon, commands.playOrPause);
    this.place = element('span', { class: 'place' });
    this.leftOut = element('span', { class: 'left-out' });
    const speeds = SPEEDS.map((speed) => [String(speed), `${speed}×`] as const);
    const speed = createDropdown('Speed', speeds, '1', (value) => commands.setSpeed(Number(value)));
    speed.classList.add('speed');
    this.element = element(
      'div',
      { class: 'playback-bar', role: 'toolbar', 'aria-label': 'Playback' },
      named('Back to the end of the step before (←)', 'previous-step', commands.stepOverBack),
      named('One event back (,)', 'previous', commands.stepBack),
      this.playButton,
      named('One event on (.)', 'next', commands.stepForward),
      named('On to the end of the step (→)', 'next-step', commands.stepOver),
      speed,
      this.place,
      this.leftOut,
    );
  }

  draw(playback: Playback, timeline: Timeline): void {
    const moving = playback.playing;
    setIcon(this.playIcon, moving ? 'pause' : 'play');
    this.playButton.setAttribute('aria-pressed', String(moving));
    setText(this.place, placeText(playback, timeline));
    const forgotten =
      timeline.first > 0 ? `the oldest ${formatCount(timeline.first)} are gone` : '';
    const sampled =
      timeline.leftOut > 0
        ? `${formatCount(timeline.leftOut)} steps too fast to show, all counted`
        : '';
    setText(this.leftOut, [sampled, forgotten].filter((part) => part !== '').join(' · '));
  }
}

/** `event 48 211 of 61 904 · 1:12.402`. */
export function placeText(playback: Playback, timeline: Timeline): string {
  const { to } = playback.position;
  if (timeline.length === 0) return 'no events yet';
  const began = timeline.eventAt(timeline.first)?.timeMicros ?? 0;
  const now = timeline.eventAt(to - 1)?.timeMicros ?? 0;
  const time = began > 0 && now >= began ? ` · ${formatClock(now - began)}` : '';
  return `event ${formatCount(to)} of ${formatCount(timeline.length)}${time}`;
}

function named(label: string, icon: IconName, onClick: () => void): HTMLButtonElement {
  return iconButton(label, createIcon(icon), onClick);
}

/** A square button with an icon. */
export function iconButton(
  label: string,
  icon: SVGSVGElement,
  onClick: () => void,
): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'icon-button', title: label }, icon);
  button.setAttribute('aria-label', label);
  button.addEventListener('click', onClick);
  return button;
}
