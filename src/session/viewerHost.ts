// What stands in the worker behind the viewers: a running store, or a recording.

import type { SessionStatus } from '../protocol/messages.ts';
import type { ViewerId } from './threadMessages.ts';

/** How a host reaches its viewers and the handle. */
export interface HostLine {
  /** Hands over the bytes of one message, which are the receiver's own from then on. */
  send(viewer: ViewerId, bytes: Uint8Array<ArrayBuffer>): void;
  /** The session's status has changed. */
  tellStatus(status: SessionStatus): void;
  /**
   * Has the handle's holder show a store that was made here.
   * @returns where it is shown; empty when the holder shows it by itself.
   * @throws LsmError as its opening does; `NOT_SUPPORTED` when the holder can show none.
   */
  openCopy(directory: string): Promise<string>;
}

/** One thing being shown. */
export interface ViewerHost {
  readonly status: SessionStatus;
  attach(viewer: ViewerId, events: boolean): void;
  detach(viewer: ViewerId): void;
  /** Takes one encoded message; what is none is answered or passed over, never thrown. */
  receive(viewer: ViewerId, bytes: Uint8Array): void;
  /** Lets go of everything; afterwards nothing of it runs any more. */
  close(): Promise<void>;
}
