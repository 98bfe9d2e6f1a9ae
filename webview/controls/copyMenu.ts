// Import a copy: what is alive in another engine's directory, into a store of ours to experiment
// on. Source and copy are compared; a copy that is stopped leaves nothing behind; one that was made
// can be opened, by the number that the host gave it.

import type { Progress, Reply } from '../../src/protocol/messages.ts';
import { copyEnded, progressText } from '../model/workWords.ts';
import { element, setText } from '../views/element.ts';
import { Popover, field } from './popover.ts';
import { createButton, createTextField } from './toolkit.ts';
import type { ButtonElement, TextFieldElement } from './toolkit.ts';

/** Starts a copy; `stop` receives a function that cancels it. */
export type RunCopy = (
  into: string,
  onProgress: (progress: Progress) => void,
  stop: (cancel: () => void) => void,
) => Promise<Reply>;

/** Has the host show a copy that it made. */
export type OpenCopy = (copy: number) => Promise<Reply>;

export class CopyMenu {
  readonly element: HTMLElement;
  private readonly run: RunCopy;
  private readonly openCopy: OpenCopy;
  private readonly into: TextFieldElement;
  private readonly startButton: ButtonElement;
  private readonly stopButton: ButtonElement;
  private readonly openButton: ButtonElement;
  private readonly status: HTMLElement;
  private cancel: () => void = () => {};
  /** The copy that was made last. */
  private made = 0;

  /** @param directoryOf names what is being shown, for a first suggestion */
  constructor(run: RunCopy, openCopy: OpenCopy, directoryOf: () => string) {
    this.run = run;
    this.openCopy = openCopy;
    this.into = createTextField('Directory of the copy', 'a directory that is not there yet');
    const popover = new Popover('Import a copy', () => {
      if (this.into.value === '') this.into.value = `${directoryOf()}-copy`;
    });
    this.element = popover.element;
    this.element.classList.add('copy-menu');
    this.startButton = createButton('Copy', 'primary', () => void this.start());
    this.stopButton = createButton('Stop', 'secondary', () => this.cancel());
    this.stopButton.disabled = true;
    this.openButton = createButton('Open the copy', 'primary', () => void this.open());
    this.openButton.hidden = true;
    this.status = element('div', { class: 'popover-status', role: 'status' });
    popover.panel.append(
      field('into', this.into),
      element('div', { class: 'buttons' }, this.startButton, this.stopButton),
      this.status,
      element('div', { class: 'buttons after' }, this.openButton),
    );
  }

  private async start(): Promise<void> {
    this.startButton.disabled = true;
    this.stopButton.disabled = false;
    this.openButton.hidden = true;
    setText(this.status, 'Copying…');
    const into = this.into.value.trim();
    const reply = await this.run(
      into,
      (progress) => setText(this.status, progressText(progress)),
      (cancel) => {
        this.cancel = cancel;
      },
    );
    this.startButton.disabled = false;
    this.stopButton.disabled = true;
    setText(this.status, outcome(reply, into));
    if (reply.kind !== 'copied') return;
    this.made = reply.copy;
    this.openButton.hidden = false;
    this.openButton.focus();
  }

  /** Where the host cannot show it by itself it says where to look: at this page's own server. */
  private async open(): Promise<void> {
    this.openButton.disabled = true;
    const reply = await this.openCopy(this.made);
    this.openButton.disabled = false;
    if (reply.kind === 'error') return setText(this.status, reply.message);
    setText(this.status, 'The copy is open in a tab of its own.');
    if (reply.kind !== 'opened' || reply.address === '') return;
    const link = element('a', { href: reply.address, target: '_blank', rel: 'noopener' }, 'here');
    this.status.append(' If the browser held it back, it is ', link, '.');
    globalThis.open(reply.address, '_blank', 'noopener');
  }
}

function outcome(reply: Reply, asked: string): string {
  const sentence = copyEnded(reply, asked);
  if (reply.kind !== 'copied') return sentence;
  const { families, into } = reply;
  return [
    `${sentence} Source and copy agree:`,
    ...families.map(({ name, entriesSha256 }) => `${name}: SHA-256 ${entriesSha256.slice(0, 16)}…`),
    `It lies in ${into}.`,
  ].join('\n');
}
