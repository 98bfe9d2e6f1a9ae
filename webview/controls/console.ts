// The console: one line that puts, gets, deletes, scans, flushes and compacts, with a history on
// the arrow keys, an error line, and a list of what came back.

import type { RangeKeyShown, Reply, Request } from '../../src/protocol/messages.ts';
import { consoleCommand } from '../model/consoleCommand.ts';
import { counted, formatCount } from '../model/format.ts';
import { keyText, suffixText, valueText } from '../model/keyText.ts';
import { element, setText } from '../views/element.ts';
import { createTextField } from './toolkit.ts';
import type { TextFieldElement } from './toolkit.ts';

const PLACEHOLDER =
  'put key value · get key · del key · scan [from] [to] · flush · compact · begin';
const READING_PLACEHOLDER = 'get key · scan [from] [to]';
const HISTORY_MAX = 200;
/** Rows of a scan that are listed. */
const ROWS_MAX = 200;
/** Bytes of a value that are shown. */
const VALUE_BYTES_MAX = 100;

export class ConsoleControl {
  readonly element: HTMLElement;
  /** The last command's answer in one line; the page puts it beside the narration. */
  readonly message: HTMLElement;
  private readonly field: TextFieldElement;
  private readonly results: HTMLElement;
  private readonly send: (request: Request) => Promise<Reply>;
  private history: string[] = [];
  private historyAt = 0;
  private draft = '';
  /** Name of the column family that is meant; empty: the default one. */
  private family = '';

  /** @param send asks the session and resolves with its reply */
  constructor(send: (request: Request) => Promise<Reply>) {
    this.send = send;
    this.field = createTextField('Console', PLACEHOLDER);
    this.field.classList.add('console-field');
    this.message = element('span', { class: 'console-message', role: 'status', hidden: '' });
    this.results = element('div', { class: 'console-rows', role: 'list', hidden: '' });
    this.results.setAttribute('aria-label', 'Entries found');
    this.element = element('div', { class: 'console', role: 'search' }, this.field, this.results);
    this.field.addEventListener('keydown', (event) => this.onKey(event));
  }

  focus(): void {
    this.field.focus();
  }

  /** Whether the console has the keyboard. */
  get focused(): boolean {
    return this.element.contains(document.activeElement);
  }

  /**
   * @param because why only reading works; empty when writing does, too
   * @param family name of the column family that commands mean; empty: the default one
   */
  setPurpose(because: string, family: string): void {
    this.family = family;
    const where = family === '' ? '' : `in ${family}: `;
    this.field.title = because === '' ? '' : `Only reading works here: ${because}`;
    this.field.placeholder = `${where}${because === '' ? PLACEHOLDER : READING_PLACEHOLDER}`;
  }

  hideAnswer(): void {
    this.message.hidden = true;
    this.results.hidden = true;
  }

  private onKey(event: KeyboardEvent): void {
    // Only the console's own keys: the page's shortcuts must not fire while typing.
    event.stopPropagation();
    switch (event.key) {
      case 'Enter':
        event.preventDefault();
        void this.run(this.field.value.trim());
        return;
      case 'ArrowUp':
        event.preventDefault();
        return this.recall(-1);
      case 'ArrowDown':
        event.preventDefault();
        return this.recall(1);
      case 'Escape':
        if (this.message.hidden) this.field.blur();
        return this.hideAnswer();
      default:
    }
  }

  private recall(step: number): void {
    if (this.historyAt === this.history.length) this.draft = this.field.value;
    this.historyAt = Math.max(0, Math.min(this.history.length, this.historyAt + step));
    this.field.value = this.history[this.historyAt] ?? this.draft;
  }

  private async run(line: string): Promise<void> {
    if (line === '') return;
    this.history = [...this.history.filter((old) => old !== line), line].slice(-HISTORY_MAX);
    this.historyAt = this.history.length;
    const command = consoleCommand(line, this.family);
    if ('problem' in command) return this.show(command.problem, 'problem');
    this.field.value = '';
    this.show(`${line} …`, 'busy');
    this.showReply(line, await this.send(command.request));
  }

  private showReply(line: string, reply: Reply): void {
    switch (reply.kind) {
      case 'error':
        return this.show(reply.message, 'problem');
      case 'value':
        if (reply.value === null) return this.show(`${line}: not found`, 'done');
        return this.show(`${line} → ${valueStart(reply.value)}`, 'done');
      case 'entries': {
        const more = reply.more ? ', and more beyond' : '';
        const { entries, rangeKeys = [] } = reply;
        const under =
          rangeKeys.length === 0 ? '' : `, under ${counted(rangeKeys.length, 'range key')}`;
        this.show(
          `${line} → ${counted(entries.length, 'entry', 'entries')}${more}${under}`,
          'done',
        );
        return this.listEntries(entries, rangeKeys);
      }
      case 'snapshot':
        return this.show(
          `snapshot at #${formatCount(reply.sequence)}; release ${reply.sequence} ends it`,
          'done',
        );
      case 'transaction': {
        const { transaction: id, isolation } = reply;
        const next = `@${id} get key · @${id} put key value · @${id} commit`;
        return this.show(`transaction ${id} (${isolation}); go on with ${next}`, 'done');
      }
      default:
        return this.show(`${line} ✓`, 'done');
    }
  }

  private show(text: string, look: 'done' | 'busy' | 'problem'): void {
    setText(this.message, text);
    this.message.title = text;
    this.message.className = `console-message ${look}`;
    this.message.hidden = false;
    this.results.replaceChildren();
    this.results.hidden = true;
  }

  /** Range keys first: they lie over the entries. */
  private listEntries(
    entries: readonly (readonly [Uint8Array, Uint8Array])[],
    rangeKeys: readonly RangeKeyShown[],
  ): void {
    const all = [
      ...rangeKeys.map((rangeKey) => [rangeKeyText(rangeKey), rangeKey.value] as const),
      ...entries.map(([key, value]) => [keyText(key), value] as const),
    ];
    const rows = all
      .slice(0, ROWS_MAX)
      .map(([key, value]) =>
        element(
          'div',
          { class: 'console-row', role: 'listitem' },
          element('span', { class: 'key' }, key),
          element('span', { class: 'value' }, valueStart(value)),
        ),
      );
    if (all.length > rows.length) {
      const more = `${formatCount(all.length - rows.length)} more are not listed.`;
      rows.push(element('div', { class: 'console-row dim' }, more));
    }
    this.results.replaceChildren(...rows);
    this.results.hidden = rows.length === 0;
  }
}

/** `[a, m) @9`: from, up to, and under which version. */
function rangeKeyText({ from, to, suffix }: RangeKeyShown): string {
  return `[${keyText(from)}, ${keyText(to)}) ${suffixText(suffix)}`;
}

/** A value as text, its end left out when it is long. */
function valueStart(value: Uint8Array): string {
  return valueText(value.subarray(0, VALUE_BYTES_MAX), value.length);
}
