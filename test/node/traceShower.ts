// Shows a recording to a viewer that takes all of it, in a process that may read nothing else.

import { openTraceHost } from '../../src/session/traceHost.ts';

const sent: Uint8Array[] = [];
const host = openTraceHost(process.argv[2]!, {
  send: (_viewer, bytes) => void sent.push(bytes),
  tellStatus: () => undefined,
  openCopy: () => Promise.resolve(''),
});
host.attach(1, true);
process.stdout.write(`${sent.length} messages\n`);
