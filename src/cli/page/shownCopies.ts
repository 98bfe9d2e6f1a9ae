// Copies of what is shown, each shown in its turn by the same server: made in the page, opened
// here.

import { LsmError } from '../../base/errors.ts';
import { openSession } from '../../session/session.ts';
import type { Session } from '../../session/session.ts';
import { BUNDLES } from '../bundles.ts';
import type { ServedPage, ServedStore } from './pageServer.ts';

/** All copies that are open. */
export class ShownCopies {
  private readonly page: ServedPage;
  private readonly serve: (session: Session) => ServedStore;
  /** By directory: a store is open once, however often it is asked for. */
  private readonly addresses = new Map<string, Promise<string>>();
  private readonly sessions = new Set<Session>();
  private closed = false;

  /** @param serve what the server needs to know of a session */
  constructor(page: ServedPage, serve: (session: Session) => ServedStore) {
    this.page = page;
    this.serve = serve;
  }

  /**
   * Opens a copy and shows it.
   * @returns its address, to be resolved at the page's own.
   * @throws LsmError as the store's opening does.
   */
  readonly open = (directory: string): Promise<string> => {
    if (this.closed) return Promise.reject(new LsmError('NOT_OPEN', 'lsm-lens is ending'));
    const known = this.addresses.get(directory);
    if (known !== undefined) return known;
    const opening = this.openAnew(directory);
    this.addresses.set(directory, opening);
    opening.catch(() => this.addresses.delete(directory));
    return opening;
  };

  /** Closes all; what is being opened is waited for. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.addresses.values());
    await Promise.all([...this.sessions].map((session) => session.close()));
  }

  private async openAnew(directory: string): Promise<string> {
    const options = { createIfMissing: false };
    const session = await openSession({ kind: 'store', path: directory, options }, BUNDLES);
    this.sessions.add(session);
    session.onEnded(() => {
      this.sessions.delete(session);
      this.addresses.delete(directory);
    });
    return this.page.add(this.serve(session));
  }
}
