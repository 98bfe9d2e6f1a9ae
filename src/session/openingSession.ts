// A session that is being opened, for viewers who come before it is there: they are told how far it
// is, may stop it, and become the session's own viewers once it is open.

import { LsmError, toLsmError } from '../base/errors.ts';
import { decodeFromViewer, encode } from '../protocol/codec.ts';
import type { FromViewer, Opening, Progress } from '../protocol/messages.ts';
import { errorReply } from './requests/requestRunner.ts';
import type { RequestWatch, Session, Viewer, ViewerConnection } from './session.ts';

/** Opens the session, as `openSession` does. */
export type OpenSession = (watch: RequestWatch) => Promise<Session>;

/** One that waits, or is the session's already. */
interface WaitingViewer {
  readonly viewer: Viewer;
  connection: ViewerConnection | undefined;
}

const NOTHING_YET: Progress = { done: 0, total: 0, unit: 'bytes', message: '' };

export class OpeningSession {
  /** Rejects as the opening does. */
  readonly opened: Promise<Session>;
  /** Resolves when it turns out to take its time. */
  readonly begun: Promise<void>;
  private readonly named: string;
  private readonly stopping = new AbortController();
  private readonly viewers = new Set<WaitingViewer>();
  private progress = NOTHING_YET;
  private session: Session | undefined;
  private failed = '';

  /** @param named what is opened, as viewers are told until the session says where it is */
  constructor(named: string, open: OpenSession) {
    this.named = named;
    let begin = (): void => undefined;
    this.begun = new Promise((resolve) => {
      begin = resolve;
    });
    const { signal } = this.stopping;
    const onProgress = (progress: Progress): void => {
      this.progress = progress;
      this.tell();
      begin();
    };
    this.opened = open({ signal, onProgress }).then(
      (session) => this.hand(session),
      (thrown: unknown) => this.giveUp(thrown),
    );
  }

  /** What is opened. */
  get directory(): string {
    return this.session?.target.path ?? this.named;
  }

  /** Adds a viewer; it is handed over to the session when that is open. */
  attach(viewer: Viewer): ViewerConnection {
    const waiting: WaitingViewer = { viewer, connection: this.session?.attach(viewer) };
    this.viewers.add(waiting);
    if (this.session === undefined) viewer.send(this.message());
    return {
      receive: (bytes) => {
        if (waiting.connection === undefined) this.receive(viewer, bytes);
        else waiting.connection.receive(bytes);
      },
      detach: () => {
        this.viewers.delete(waiting);
        waiting.connection?.detach();
      },
    };
  }

  /** Ends the opening; nothing happens once it is over. */
  stop(): void {
    this.stopping.abort();
  }

  private hand(session: Session): Session {
    this.session = session;
    for (const waiting of this.viewers) waiting.connection = session.attach(waiting.viewer);
    return session;
  }

  private giveUp(thrown: unknown): never {
    this.failed = this.stopping.signal.aborted
      ? `Opening was stopped: nothing of ${this.directory} is shown, and it is as it was.`
      : toLsmError(thrown).message;
    this.tell();
    throw thrown;
  }

  private receive(viewer: Viewer, bytes: Uint8Array): void {
    const message = messageOf(bytes);
    if (message?.kind !== 'request') return;
    const { id, request } = message;
    if (request.kind === 'stop') {
      this.stop();
      return viewer.send(encode({ kind: 'reply', id, reply: { kind: 'done' } }));
    }
    const refusal = new LsmError('NOT_OPEN', `${this.directory} is not open yet`);
    viewer.send(encode({ kind: 'reply', id, reply: errorReply(refusal) }));
  }

  private tell(): void {
    for (const { viewer } of this.viewers) viewer.send(this.message());
  }

  private message(): Uint8Array<ArrayBuffer> {
    const { directory, progress, failed } = this;
    const opening: Opening = { directory, progress, failed };
    return encode({ kind: 'opening', opening });
  }
}

/** What is no message is passed over: whoever sent it hears of it once the session is there. */
function messageOf(bytes: Uint8Array): FromViewer | undefined {
  try {
    return decodeFromViewer(bytes);
  } catch {
    return undefined;
  }
}
