// The parsers of what comes from a page, from a recording and from an imported file.

import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { decodeFromViewer, decodeToViewer, encode } from '../../../src/protocol/codec.ts';
import type { FromViewer, ToViewer } from '../../../src/protocol/messages.ts';
import { readTrace } from '../../../src/protocol/traceReader.ts';
import { TraceWriter } from '../../../src/protocol/traceWriter.ts';
import { CsvReader } from '../../../src/session/importing/csv.ts';
import { jsonLinesReader } from '../../../src/session/importing/jsonLines.ts';
import type { RecordReader } from '../../../src/session/importing/reading.ts';
import { tsvReader } from '../../../src/session/importing/tsv.ts';
import { ModelStore, runModel } from '../../protocol/modelStore.ts';
import type { FuzzedParser } from './fuzzedParser.ts';

/** Messages and recordings. */
export function messageParsers(): FuzzedParser[] {
  const { events } = runModel([1, 2, 3], () => undefined);
  const fromPage: readonly FromViewer[] = [
    { kind: 'request', id: 1, request: { kind: 'get', key: encodeUtf8('key') } },
    { kind: 'ack', batch: 3, eventNumber: 7 },
    { kind: 'cancel', id: 1 },
  ];
  const toPage: readonly ToViewer[] = [
    { kind: 'batch', events: events.slice(0, 40), leftOut: 0, batch: 1 },
  ];
  return [
    { name: 'message from the page', seeds: fromPage.map(encode), read: decodeFromViewer },
    { name: 'message to the page', seeds: toPage.map(encode), read: decodeToViewer },
    { name: 'trace', seeds: [sampleTrace()], read: (bytes) => readTrace(bytes, 'a.lsmtrace') },
  ];
}

/** Files of records. */
export function importParsers(): FuzzedParser[] {
  const table = 'id,name\n1,"a ""b"" c"\n2,d\r\n3,"e\nf"\n';
  return [
    {
      name: 'CSV',
      seeds: [encodeUtf8(table)],
      read: (bytes) => readRecords(new CsvReader('id'), bytes),
    },
    {
      name: 'TSV',
      seeds: [encodeUtf8(table.replaceAll(',', '\t'))],
      read: (bytes) => readRecords(tsvReader('id'), bytes),
    },
    {
      name: 'JSON Lines',
      seeds: [encodeUtf8('{"id":1,"name":"a"}\n{"id":"2","more":[1,{"x":null}]}\n')],
      read: (bytes) => readRecords(jsonLinesReader('id'), bytes),
    },
  ];
}

function sampleTrace(): Uint8Array {
  const writer = new TraceWriter(new ModelStore().describe());
  const { events } = runModel([1, 2, 3], () => undefined);
  const header = { title: 'fuzz', source: 'test', createdMicros: 1 };
  const parts = [writer.begin(header), writer.append(events, events.length), writer.end()];
  return new Uint8Array(Buffer.concat(parts));
}

async function readRecords(reader: RecordReader, bytes: Uint8Array): Promise<void> {
  await reader.push(bytes.subarray(0, bytes.length >> 1));
  await reader.push(bytes.subarray(bytes.length >> 1));
  await reader.end();
}
