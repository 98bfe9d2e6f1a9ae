// The worker's entry (dist/sessionWorker.cjs): opens what it was told to, joins it to the handle in
// the other thread, and ends by itself once that is closed, because nothing is left to wait for.

import { parentPort, workerData } from 'node:worker_threads';
import { assertUnreachable, ensureExists } from '../base/assert.ts';
import { errorFromPlain, plainError } from '../base/plainError.ts';
import { nodeEnvironment } from '../node/nodeEnvironment.ts';
import { ForeignHost } from './foreign/foreignHost.ts';
import { openForeign } from './foreign/openReader.ts';
import { openStoreHost } from './storeHost.ts';
import type { FromWorker, ToWorker, WorkerInput } from './threadMessages.ts';
import { openTraceHost } from './traceHost.ts';
import type { HostLine, ViewerHost } from './viewerHost.ts';

const port = ensureExists(parentPort, 'the port of a worker thread');

/** Copies that the handle's holder is asked to show, by number. */
const openingCopies = new Map<number, Asked>();
let copiesAsked = 0;

interface Asked {
  readonly resolve: (address: string) => void;
  readonly reject: (error: Error) => void;
}

const line: HostLine = {
  send: (viewer, bytes) => post({ kind: 'message', viewer, bytes }, [bytes.buffer]),
  tellStatus: (status) => post({ kind: 'status', status }),
  openCopy: (directory) => {
    const id = ++copiesAsked;
    post({ kind: 'open-copy', id, directory });
    return new Promise((resolve, reject) => openingCopies.set(id, { resolve, reject }));
  },
};

void run(workerData as WorkerInput);

async function run(input: WorkerInput): Promise<void> {
  let host: ViewerHost;
  try {
    host = await openHost(input);
  } catch (thrown) {
    post({ kind: 'failed', error: plainError(thrown) });
    return;
  }
  port.on('message', (message: ToWorker) => handle(host, message));
  post({ kind: 'opened', status: host.status });
}

async function openHost({ target, ...world }: WorkerInput): Promise<ViewerHost> {
  if (target.kind === 'trace') return openTraceHost(target.path, line);
  const environment = nodeEnvironment(world);
  const foreign = openForeign(target.path, environment, (progress) =>
    post({ kind: 'opening', progress }),
  );
  if (foreign !== undefined) return new ForeignHost(foreign, environment, line);
  return openStoreHost(target, environment, line);
}

function handle(host: ViewerHost, message: ToWorker): void {
  switch (message.kind) {
    case 'attach':
      return host.attach(message.viewer, message.events);
    case 'detach':
      return host.detach(message.viewer);
    case 'message':
      return host.receive(message.viewer, message.bytes);
    case 'copy-opened':
      openingCopies.get(message.id)?.resolve(message.address);
      openingCopies.delete(message.id);
      return;
    case 'copy-not-opened':
      openingCopies.get(message.id)?.reject(errorFromPlain(message.error));
      openingCopies.delete(message.id);
      return;
    case 'close':
      void closeHost(host);
      return;
    default:
      assertUnreachable(message);
  }
}

async function closeHost(host: ViewerHost): Promise<void> {
  let error = null;
  try {
    await host.close();
  } catch (thrown) {
    error = plainError(thrown);
  }
  post({ kind: 'closed', error });
  port.close();
}

function post(message: FromWorker, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, [...transfer]);
}
