// The narration line: who acts and what happens, told to screen readers too whenever the picture
// rests; beside it a stall for as long as it lasts, and what went wrong with the connection.

import type { HeldBack } from '../model/families.ts';
import { shortened } from '../model/keyText.ts';
import { formatBytes, formatCount } from '../model/format.ts';
import type { Narration } from '../model/narration/narration.ts';
import { element, setText } from './element.ts';

export class NarrationView {
  readonly element: HTMLElement;
  private readonly subject = element('span', { class: 'subject' });
  private readonly sentence = element('span', { class: 'sentence' });
  private readonly spoken = element('div', { class: 'spoken', 'aria-live': 'polite' });
  private readonly stall = element('span', { class: 'stall', role: 'status', hidden: '' });
  private readonly alert = element('span', { class: 'alert', role: 'alert', hidden: '' });

  /** @param beside shown at the line's right end: the console's last answer, long work */
  constructor(...beside: readonly HTMLElement[]) {
    const line = element('div', { class: 'narration-line' }, this.subject, this.sentence);
    line.setAttribute('aria-hidden', 'true');
    this.element = element(
      'div',
      { class: 'narration' },
      line,
      this.spoken,
      ...beside,
      this.stall,
      this.alert,
    );
  }

  /** @param resting nothing moves: what is told now is spoken too; in motion it would never end */
  draw(narration: Narration, stalls: readonly HeldBack[], resting: boolean): void {
    setText(this.subject, narration.subject);
    setText(this.sentence, narration.sentence);
    this.sentence.title = narration.sentence;
    if (resting) setText(this.spoken, `${narration.subject} ${narration.sentence}`.trim());
    this.stall.hidden = stalls.length === 0;
    if (stalls.length > 0) setText(this.stall, stalls.map(stallText).join(' · '));
  }

  /** Something that must be seen until it is over; empty to take it away. */
  setAlert(text: string): void {
    this.alert.hidden = text === '';
    setText(this.alert, text);
  }
}

function stallText({ name, stall }: HeldBack): string {
  const whose = name === '' ? '' : `${shortened(name, 24)}: `;
  const what = `${whose}${stall.severity === 'stop' ? 'writes wait' : 'writes slowed'}`;
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
