// Sentences of transactions: what each sees, and why it committed or had to give up.

import type { LsmEvent, LsmEventBody } from '../../../src/protocol/events.ts';
import { counted, formatBytes, formatCount, formatMicros } from '../format.ts';
import { keyText, shortened } from '../keyText.ts';

type Body<K extends LsmEventBody['kind']> = Extract<LsmEventBody, { readonly kind: K }>;

/** The sentence for an event of a transaction; `undefined` for other events. */
export function tellTransaction(event: LsmEvent): string | undefined {
  switch (event.kind) {
    case 'transaction.begin':
      return (
        `Transaction ${event.transaction} begins (${event.isolation}): it sees the store as of ` +
        `#${formatCount(event.sequence)}, with its own writes on top that nobody else sees.`
      );
    case 'transaction.commit':
      return transactionCommit(event);
    case 'transaction.conflict':
      return transactionConflict(event);
    case 'transaction.rollback':
      return (
        `Transaction ${event.transaction} is rolled back` +
        `${event.reason === 'failed' ? ', because it could not be written' : ''}: ` +
        `${counted(event.entries, 'write')} forgotten, the store never saw them.`
      );
    default:
      return undefined;
  }
}

function transactionCommit(event: Body<'transaction.commit'>): string {
  const took = formatMicros(event.durationMicros);
  if (event.entries === 0) {
    return `Transaction ${event.transaction} ends after ${took}: it has only read.`;
  }
  const checked = event.entries + event.keysRead;
  const ranges = event.rangesRead === 0 ? '' : ` and ${counted(event.rangesRead, 'range')}`;
  return (
    `Transaction ${event.transaction} commits after ${took}: ${counted(checked, 'key')}${ranges} ` +
    `unchanged since it began, so its ${counted(event.entries, 'write')} ` +
    `(${formatBytes(event.sizeBytes)}) became visible at once, from ` +
    `#${formatCount(event.firstSequence)}.`
  );
}

function transactionConflict(event: Body<'transaction.conflict'>): string {
  return (
    `Transaction ${event.transaction} gives up: ${accessText(event)}, but ` +
    `#${formatCount(event.newestSequence)} has changed it since ` +
    `#${formatCount(event.snapshotSequence)}. The first to commit wins; nothing was written.`
  );
}

function accessText({ key, access }: Body<'transaction.conflict'>): string {
  const name = shortened(keyText(key), 32);
  switch (access) {
    case 'write':
      return `it writes ${name}`;
    case 'range-delete':
      return `it deletes a range with ${name} in it`;
    case 'update':
      return `it read ${name} in order to change it`;
    case 'read':
      return `it had read ${name}`;
    case 'range':
      return `it had walked past ${name}`;
  }
}
