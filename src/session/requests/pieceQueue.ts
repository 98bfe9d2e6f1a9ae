// Pieces of a file that come one by one, as something to loop over. A piece counts as taken when
// the loop asks for the next.

interface WaitingPiece {
  readonly piece: Uint8Array;
  readonly taken: () => void;
}

/** Between who pushes pieces and who loops over them. */
export class PieceQueue implements AsyncIterable<Uint8Array> {
  private readonly waiting: WaitingPiece[] = [];
  private hasEnded = false;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;

  /** Resolves when the piece has been worked off. */
  push(piece: Uint8Array): Promise<void> {
    return new Promise((taken) => {
      this.waiting.push({ piece, taken });
      this.wake?.();
    });
  }

  /** No more pieces come. */
  end(): void {
    this.hasEnded = true;
    this.wake?.();
  }

  /** The loop throws this instead of going on. */
  fail(failure: Error): void {
    this.failure ??= failure;
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure;
      const next = this.waiting.shift();
      if (next !== undefined) {
        yield next.piece;
        next.taken();
      } else if (this.hasEnded) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }
}
