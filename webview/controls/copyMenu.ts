// Import a copy: what is alive in another engine's directory, into a store of ours to experiment
// on. Source and copy are compared; a copy that is stopped leaves nothing behind.

import type { Progress, Reply } from '../../src/protocol/messages.ts';
import { formatCount } from '../model/format.ts';
import { element, setText } from '../views/element.ts';
import { Popover, field } from './popover.ts';
import { createButton, createTextField } from './toolkit.ts';
import type { ButtonElement, TextFieldElement } from './toolkit.ts';
import { progressText } from './workloadMenu.ts';

/** Starts a copy; `stop` receives a function that cancels it. */
export type RunCopy = (
  into: string,
  onProgress: (progress: Progress) => void,
  stop: (cancel: () => void) => void,
) => Promise<Reply>;

export class CopyMenu {
  readonly element: HTMLElement;
  private readonly run: RunCopy;
  private readonly into: TextFieldElement;
  private readonly startButton: ButtonElement;
  private readonly stopButton: ButtonElement;
  private readonly status: HTMLElement;
  private cancel: () => void = () => {};

  /** @param directoryOf names what is being shown, for a first suggestion */
  constructor(run: RunCopy, directoryOf: () => string) {
    this.run = run;
    this.into = createTextField('Directory of the copy', 'a directory that is not there yet');
    const popover = new Popover('Import a copy', () => {
      if (this.into.value === '') this.into.value = `${directoryOf()}-copy`;
    });
    this.element = popover.element;
    this.element.classList.add('copy-menu');
    this.startButton = createButton('Copy', 'primary', () => void this.start());
    this.stopButton = createButton('Stop', 'secondary', () => this.cancel());
    this.stopButton.disabled = true;
    this.status = element('div', { class: 'popover-status', role: 'status' });
    popover.panel.append(
      field('into', this.into),
      element('div', { class: 'buttons' }, this.startButton, this.stopButton),
      this.status,
    );
  }

  private async start(): Promise<void> {
    this.startButton.disabled = true;
    this.stopButton.disabled = false;
    setText(this.status, 'Copying…');
    const reply = await this.run(
      this.into.value.trim(),
      (progress) => setText(this.status, describe(progress)),
      (cancel) => {
        this.cancel = cancel;
      },
    );
    this.startButton.disabled = false;
    this.stopButton.disabled = true;
    setText(this.status, outcome(reply));
  }
}

function describe(progress: Progress): string {
  const verb = progress.message === '' ? 'copied' : progress.message;
  return `${verb}: ${progressText(progress)}`;
}

function outcome(reply: Reply): string {
  if (reply.kind === 'error') return reply.message;
  if (reply.kind !== 'copied') return 'Done.';
  const { entries, families, into } = reply;
  return [
    `${formatCount(entries)} entries copied; source and copy agree:`,
    ...families.map(({ name, entriesSha256 }) => `${name}: SHA-256 ${entriesSha256.slice(0, 16)}…`),
    `To work on it: lsm-lens open ${into}`,
  ].join('\n');
}
