// The narration line: who acts and what happens, said politely to screen readers too; beside it a
// stall for as long as it lasts, and what went wrong with the connection.

import type { StallState } from '../../src/protocol/treeState.ts';
import { formatBytes, formatCount } from '../model/format.ts';
import type { Narration } from '../model/narration/narration.ts';
import { element, setText } from './element.ts';

export class NarrationView {
  readonly element: HTMLElement;
  private readonly subject = element('span', { class: 'subject' });
  private readonly sentence = element('span', { class: 'sentence' });
  private readonly stall = element('span', { class: 'stall', role: 'status', hidden: '' });
  private readonly alert = element('span', { class: 'alert', role: 'alert', hidden: '' });

  /** @param answer the console's last answer, shown at the line's right end */
  constructor(answer: HTMLElement) {
    const line = element(
      'div',
      { class: 'narration-line', 'aria-live': 'polite', 'aria-atomic': 'true' },
      this.subject,
      this.sentence,
    );
    this.element = element('div', { class: 'narration' }, line, answer, this.stall, this.alert);
  }

  draw(narration: Narration, stall: StallState | null): void {
    setText(this.subject, narration.subject);
    setText(this.sentence, narration.sentence);
    this.sentence.title = narration.sentence;
    this.stall.hidden = stall === null;
    if (stall !== null) setText(this.stall, stallText(stall));
  }

  /** Something that must be seen until it is over; empty to take it away. */
  setAlert(text: string): void {
    this.alert.hidden = text === '';
    setText(this.alert, text);
  }
}

function stallText(stall: StallState): string {
  const what = stall.severity === 'stop' ? 'writes wait' : 'writes slowed';
  switch (stall.limit) {
    case 'l0-tables':
      return (
        `${what}: ${formatCount(stall.value)} of ` + `${formatCount(stall.limitValue)} tables in L0`
      );
    case 'immutable-memtables':
      return (
        `${what}: ${formatCount(stall.value)} of ${formatCount(stall.limitValue)} sealed ` +
        'memtables'
      );
    case 'pending-bytes':
      return `${what}: ${formatBytes(stall.value)} of ${formatBytes(stall.limitValue)} pending`;
  }
}
