// What keys and buttons do to the clock, in one place.

import { nextMarker } from '../layout/tracksLayout.ts';
import type { Lens } from '../model/lens.ts';
import type { PlaybackMode } from '../model/playback.ts';

export class Commands {
  private readonly lens: Lens;
  private readonly setMode: (mode: 'live' | 'lockstep') => void;
  private readonly wake: () => void;

  /**
   * @param setMode asks the session for another pace
   * @param wake has the page drawn
   */
  constructor(lens: Lens, setMode: (mode: 'live' | 'lockstep') => void, wake: () => void) {
    this.lens = lens;
    this.setMode = setMode;
    this.wake = wake;
  }

  readonly playOrPause = (): void => {
    const { playback } = this.lens;
    if (playback.playing) playback.pause();
    else playback.play();
    this.wake();
  };

  readonly stepForward = (): void => this.move(() => this.lens.playback.stepForward());
  readonly stepBack = (): void => this.move(() => this.lens.playback.stepBack());
  readonly stepOver = (): void => this.move(() => this.lens.playback.stepOver());
  readonly stepOverBack = (): void => this.move(() => this.lens.playback.stepOverBack());

  readonly setSpeed = (speed: number): void => this.move(() => (this.lens.playback.speed = speed));

  readonly seek = (place: number): void => this.move(() => this.lens.playback.seek(place));

  readonly toBeginning = (): void => this.seek(this.lens.timeline.first);

  readonly toEnd = (): void => {
    const { playback, timeline, trace } = this.lens;
    if (trace !== null) this.seek(timeline.length);
    else this.move(() => playback.follow(playback.pacing));
  };

  readonly nextMarker = (): void => this.jump(1);
  readonly previousMarker = (): void => this.jump(-1);

  readonly chooseMode = (mode: PlaybackMode): void => {
    const { playback } = this.lens;
    if (mode === 'history') playback.detach();
    else {
      this.setMode(mode);
      playback.follow(mode);
    }
    this.wake();
  };

  private jump(direction: 1 | -1): void {
    const marker = nextMarker(this.lens.chronicle.markers, this.lens.place, direction);
    if (marker !== undefined) this.seek(marker.index + 1);
  }

  private move(change: () => void): void {
    change();
    this.wake();
  }
}
