// Threads behind an interface: Node's worker threads stand behind it (src/node/nodeThreads.ts).
// What crosses is plain data and SharedArrayBuffers.

/** Told of what a thread says and of its end. */
export interface ThreadListener {
  onMessage(message: unknown): void;
  /** It ended without being asked to. */
  onDeath(error: Error): void;
}

/** A running thread, as the one that started it holds it. */
export interface Thread {
  post(message: unknown): void;
  /** Whether the thread keeps the process alive; at first it does not. */
  keepAlive(on: boolean): void;
  /** Ends it, whatever it is doing. Resolves when it has ended. */
  end(): Promise<void>;
}

/** Starts threads that all run the same program. */
export interface Threads {
  start(listener: ThreadListener): Thread;
}

/** The other end, as the thread itself holds it. */
export interface ThreadPort {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}
