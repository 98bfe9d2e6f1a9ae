// What takes its time, at the narration's right end: how far it is, a button that stops it, and
// afterwards one sentence, until it is put away.

import type { Progress, Reply } from '../../src/protocol/messages.ts';
import { progressText } from '../model/workWords.ts';
import { element, setText } from '../views/element.ts';
import { iconButton } from './playbackBar.ts';
import { createIcon } from './icons.ts';
import { createButton } from './toolkit.ts';

/** Does the work; `stop` receives a function that cancels it. */
export type RunWork = (
  onProgress: (progress: Progress) => void,
  stop: (cancel: () => void) => void,
) => Promise<Reply>;

export class WorkNotices {
  readonly element: HTMLElement = element('div', { class: 'work-notices' });

  /**
   * Runs work under a notice of its own.
   * @param doing what is done: `copying`
   * @param ended one sentence about how it ended, and how far it was
   */
  async during(
    doing: string,
    run: RunWork,
    ended: (reply: Reply, last: Progress | undefined) => string,
  ): Promise<Reply> {
    const words = element('span', { class: 'work-words' }, `${doing} …`);
    let cancel = (): void => undefined;
    const stopButton = createButton('Stop', 'secondary', () => {
      stopButton.disabled = true;
      setText(words, `${doing} stops …`);
      cancel();
    });
    stopButton.setAttribute('aria-label', `Stop ${doing}`);
    const notice = element('div', { class: 'work-notice', role: 'status' }, words, stopButton);
    this.putAwayEnded();
    this.element.append(notice);
    let last: Progress | undefined;
    const reply = await run(
      (progress) => {
        last = progress;
        const message = progress.message === '' ? doing : progress.message;
        if (!stopButton.disabled) setText(words, progressText({ ...progress, message }));
      },
      (toCancel) => {
        cancel = toCancel;
      },
    );
    this.end(notice, words, ended(reply, last));
    return reply;
  }

  /** Takes away what has ended. */
  putAwayEnded(): void {
    for (const notice of this.element.querySelectorAll('.work-notice.ended')) notice.remove();
  }

  private end(notice: HTMLElement, words: HTMLElement, sentence: string): void {
    setText(words, sentence);
    words.title = sentence;
    notice.classList.add('ended');
    const close = iconButton('Put this away', createIcon('close'), () => notice.remove());
    const hadFocus = notice.contains(document.activeElement);
    notice.replaceChildren(words, close);
    if (hadFocus) close.focus();
  }
}
