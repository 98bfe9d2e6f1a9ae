// Waiting for the user, or the system, to end a program that runs until then.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Resolves at the first signal to end. From then on a second one ends the program at once, as if
 * nobody listened.
 */
export function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    const interrupt = (): void => {
      for (const signal of SIGNALS) process.removeListener(signal, interrupt);
      resolve();
    };
    for (const signal of SIGNALS) process.once(signal, interrupt);
  });
}
