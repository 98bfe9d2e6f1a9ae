// While the store is being opened: what, how far, and a button that stops it. Afterwards, when
// there is nothing to show, one sentence says why.

import { createButton } from '../controls/toolkit.ts';
import type { ButtonElement } from '../controls/toolkit.ts';
import type { Opening } from '../../src/protocol/messages.ts';
import { progressText } from '../model/workWords.ts';
import { element, setText } from './element.ts';

export class OpeningView {
  readonly element: HTMLElement;
  private readonly title = element('h2', { class: 'opening-title' });
  private readonly directory = element('p', { class: 'opening-directory' });
  private readonly bar = element('progress', { class: 'opening-bar', 'aria-label': 'Opened' });
  private readonly words = element('p', { class: 'opening-words', role: 'status' });
  private readonly stopButton: ButtonElement;
  private over = false;

  /** @param onStop asks the session to stop opening */
  constructor(onStop: () => void) {
    this.stopButton = createButton('Stop', 'secondary', () => {
      this.stopButton.disabled = true;
      onStop();
    });
    this.element = element(
      'section',
      { class: 'opening', 'aria-label': 'Opening', hidden: '' },
      this.title,
      this.directory,
      this.bar,
      this.words,
      this.stopButton,
    );
  }

  /** Whether it was told that there will be nothing to show. */
  get isOver(): boolean {
    return this.over;
  }

  draw({ directory, progress, failed }: Opening): void {
    const isFirst = this.element.hasAttribute('hidden');
    this.over = failed !== '';
    this.element.hidden = false;
    setText(this.title, this.over ? 'Not open' : 'Opening');
    setText(this.directory, directory);
    setText(this.words, this.over ? failed : progressText(progress));
    this.bar.hidden = this.over;
    this.stopButton.hidden = this.over;
    if (progress.total > 0) this.bar.value = progress.done / progress.total;
    if (isFirst) this.stopButton.focus();
  }

  /** It is open. */
  hide(): void {
    this.element.hidden = true;
  }
}
