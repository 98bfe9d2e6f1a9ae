// Sentences of transactions: what each sees, and why it committed or had to give up.

import type { LsmEvent, LsmEventBody, WriteEntry } from '../../../src/protocol/events.ts';
import type { CheckedKeys } from '../../../src/protocol/transactionEvents.ts';
import type { Frame } from '../frame.ts';
import { skewedKeys } from '../transactionPast.ts';
import { counted, formatBytes, formatCount, formatMicros } from '../format.ts';
import { keyText, shortened, valueText } from '../keyText.ts';

type Body<K extends LsmEventBody['kind']> = Extract<LsmEventBody, { readonly kind: K }>;

/** The sentence for an event of a transaction; `undefined` for other events. */
export function tellTransaction(event: LsmEvent, frame: Frame): string | undefined {
  switch (event.kind) {
    case 'transaction.begin':
      return (
        `Transaction ${event.transaction} begins (${event.isolation}): it sees the store as of ` +
        `#${formatCount(event.sequence)}, with its own writes on top that nobody else sees.`
      );
    case 'transaction.write':
      return ownWrite(event);
    case 'transaction.read':
      return ownRead(event);
    case 'transaction.walk':
      return ownWalk(event);
    case 'transaction.savepoint':
      return (
        `Transaction ${event.transaction} sets savepoint ${event.savepoints}: it can take back ` +
        'what it writes from here on.'
      );
    case 'transaction.restore':
      return (
        `Transaction ${event.transaction} goes back to its savepoint: ` +
        `${counted(event.entries, 'write')} remain, what came after is forgotten. What it has ` +
        'read stays read.'
      );
    case 'transaction.check':
      return ownCheck(event);
    case 'transaction.commit':
      return skewText(event, frame) ?? transactionCommit(event);
    case 'transaction.conflict':
      return transactionConflict(event, familyText(frame, event.family));
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

function ownWrite({ transaction, entry, entries }: Body<'transaction.write'>): string {
  return (
    `Transaction ${transaction} ${writeText(entry)}, for itself alone: ` +
    `${counted(entries, 'write')} ${entries === 1 ? 'waits' : 'wait'} for its commit, in no log ` +
    'and in no memtable.'
  );
}

function writeText({ kind, key, valuePreview, valueSizeBytes }: WriteEntry): string {
  const name = nameOf(key);
  switch (kind) {
    case 'put':
      return `sets ${name} to ${shortened(valueText(valuePreview, valueSizeBytes), 32)}`;
    case 'merge':
      return `merges ${shortened(valueText(valuePreview, valueSizeBytes), 32)} into ${name}`;
    case 'delete':
      return `deletes ${name}`;
    case 'single-delete':
      return `deletes the one put of ${name}`;
    case 'range-delete':
      return `deletes every key from ${name} to before ${nameOf(valuePreview)}`;
  }
}

function ownRead(event: Body<'transaction.read'>): string {
  const { transaction, own, found, checked, purpose } = event;
  const answer = found
    ? shortened(valueText(event.valuePreview, event.valueSizeBytes), 32)
    : 'no such key';
  const where = own ? ', its own write' : '';
  const read = `Transaction ${transaction} reads ${nameOf(event.key)}: ${answer}${where}.`;
  if (!checked) {
    const why = own ? 'Nobody else can change that' : 'Snapshot isolation does not check reads';
    return `${read} ${why}.`;
  }
  const meant = purpose === 'update' ? ', for it means to change it' : '';
  return `${read} Its commit will check that nobody has changed the key${meant}.`;
}

function ownWalk({ transaction, range, checked }: Body<'transaction.walk'>): string {
  const walked = `Transaction ${transaction} has walked over ${rangeText(range)}`;
  return checked
    ? `${walked}: a key that appears, changes or goes in there is a conflict, even in a gap.`
    : `${walked}. Snapshot isolation does not check what was read.`;
}

function ownCheck({ access, range, newestSequence }: Body<'transaction.check'>): string {
  const found =
    newestSequence === 0
      ? 'nobody has changed it'
      : `#${formatCount(newestSequence)} has changed it`;
  return `Validation: it ${usedText(access, rangeText(range))}, and ${found} since it began.`;
}

function usedText(access: Body<'transaction.check'>['access'], what: string): string {
  switch (access) {
    case 'write':
      return `writes ${what}`;
    case 'range-delete':
      return `deletes ${what}`;
    case 'update':
      return `read ${what} for update`;
    case 'read':
      return `has read ${what}`;
    case 'range':
      return `has walked over ${what}`;
  }
}

function rangeText({ from, to, toIncluded }: CheckedKeys): string {
  if (from !== null && to !== null && toIncluded && keyText(from) === keyText(to)) {
    return nameOf(from);
  }
  const end = to === null ? 'the last key' : `${toIncluded ? '' : 'before '}${nameOf(to)}`;
  return `everything from ${from === null ? 'the first key' : nameOf(from)} to ${end}`;
}

function nameOf(key: Uint8Array): string {
  return shortened(keyText(key), 32);
}

/** A commit that did not look at what had changed: where write skew comes from. */
function skewText(event: Body<'transaction.commit'>, frame: Frame): string | undefined {
  const [first, ...more] = skewedKeys(frame);
  if (first === undefined) return undefined;
  const others = more.length === 0 ? '' : ` and ${counted(more.length, 'other key')}`;
  return (
    `Transaction ${event.transaction} commits though it had read ${nameOf(first.key)}${others}, ` +
    `changed by #${formatCount(first.sequence)} meanwhile: snapshot isolation does not look ` +
    'there. If it wrote because of that, this is write skew.'
  );
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

function transactionConflict(event: Body<'transaction.conflict'>, where: string): string {
  return (
    `Transaction ${event.transaction} gives up: ${accessText(event)}${where}, but ` +
    `#${formatCount(event.newestSequence)} has changed it since ` +
    `#${formatCount(event.snapshotSequence)}. The first to commit wins; nothing was written.`
  );
}

/** Names the column family of a key, unless it is the default one. */
function familyText({ next }: Frame, family: number): string {
  const name = next.families.find((each) => each.family === family)?.name;
  return family === 0 || name === undefined ? '' : ` in the column family ${shortened(name, 32)}`;
}

function accessText({ key, access }: Body<'transaction.conflict'>): string {
  const name = nameOf(key);
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
