// The page's one animation frame: time passes, then everything that changed is drawn once. It
// sleeps while nothing moves.

/** Longest step of time; a tab that was hidden does not race through what it missed. */
const ELAPSED_MAX = 100;

export class FrameLoop {
  private readonly tick: (elapsedMillis: number) => boolean;
  private lastMillis = 0;
  private scheduled = false;
  private readonly onFrame = (now: number): void => {
    this.scheduled = false;
    const elapsed = Math.min(ELAPSED_MAX, Math.max(0, now - this.lastMillis));
    this.lastMillis = now;
    if (this.tick(elapsed)) this.wake();
  };

  /** @param tick lets time pass and draws; returns whether it wants to be called again */
  constructor(tick: (elapsedMillis: number) => boolean) {
    this.tick = tick;
  }

  /** Makes sure that a frame comes. */
  readonly wake = (): void => {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(this.onFrame);
  };
}
