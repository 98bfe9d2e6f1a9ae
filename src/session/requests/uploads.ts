// Files that viewers hand over in pieces: each piece is answered once it is taken in, the last with
// the import's report. So a viewer never has more than one piece under way.

import type { Scheduler } from '../../base/scheduler.ts';
import { LsmError } from '../../base/errors.ts';
import type { ImportReport, Reply, Request } from '../../protocol/messages.ts';
import { importRecords } from '../importing/importRecords.ts';
import type { ImportTarget } from '../storeTarget.ts';
import type { ViewerId } from '../threadMessages.ts';
import type { Activity } from './activity.ts';
import { PieceQueue } from './pieceQueue.ts';
import type { RequestContext } from './requestRunner.ts';

type ImportRequest = Extract<Request, { readonly kind: 'import' }>;

interface Upload {
  readonly pieces: PieceQueue;
  readonly report: Promise<ImportReport>;
  /** Requests its import to stop. */
  readonly stop: () => void;
}

/** All uploads under way. */
export class Uploads {
  private readonly target: ImportTarget;
  private readonly scheduler: Scheduler;
  private readonly activity: Activity;
  private readonly uploads = new Map<string, Upload>();
  /** Uploads that are over: a late piece of theirs must not begin a new one. */
  private readonly over = new Set<string>();

  constructor(target: ImportTarget, scheduler: Scheduler, activity: Activity) {
    this.target = target;
    this.scheduler = scheduler;
    this.activity = activity;
  }

  /**
   * Takes one piece in.
   * @throws LsmError as the import does; the upload is over then.
   */
  async take(request: ImportRequest, { viewer, signal, progress }: RequestContext): Promise<Reply> {
    const name = `${viewer}:${request.upload}`;
    const upload = this.uploads.get(name) ?? this.begin(name, request);
    const cancel = (): void => upload.stop();
    signal.addEventListener('abort', cancel);
    try {
      const taken = upload.pieces.push(request.piece);
      if (!request.last) {
        await Promise.race([taken, upload.report]);
        return { kind: 'done' };
      }
      upload.pieces.end();
      const report = await upload.report;
      progress({ done: report.imported, total: report.imported, unit: 'entries', message: '' });
      return { kind: 'import', report };
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** A viewer has gone: its uploads stop. */
  drop(viewer: ViewerId): void {
    const isTheirs = (name: string): boolean => name.startsWith(`${viewer}:`);
    for (const [name, upload] of this.uploads) if (isTheirs(name)) upload.stop();
    for (const name of this.over) if (isTheirs(name)) this.over.delete(name);
  }

  /** Stops all. */
  close(): void {
    for (const upload of this.uploads.values()) upload.stop();
  }

  private begin(name: string, { upload: number, format, keyField }: ImportRequest): Upload {
    if (this.over.has(name)) {
      throw new LsmError('INVALID_ARGUMENT', `upload ${number} is over: begin another`);
    }
    const stopped = this.activity.begin(`import of ${format.toUpperCase()} records`);
    const pieces = new PieceQueue();
    const controller = new AbortController();
    const report = importRecords(pieces, this.target, this.scheduler, {
      format,
      keyField,
      signal: AbortSignal.any([stopped, controller.signal]),
    }).finally(() => {
      this.uploads.delete(name);
      this.over.add(name);
      this.activity.end();
    });
    // Whoever waits for a piece hears of it; nobody may be waiting just now.
    report.catch(() => undefined);
    const stop = (): void => {
      controller.abort();
      pieces.fail(new LsmError('CANCELLED', 'the import was cancelled'));
    };
    stopped.addEventListener('abort', stop);
    const upload = { pieces, report, stop };
    this.uploads.set(name, upload);
    return upload;
  }
}
