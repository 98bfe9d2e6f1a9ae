// Recording: events go into a trace until it is stopped; then the trace can be kept as a file.

import type { Reply, Request } from '../../src/protocol/messages.ts';
import { element } from '../views/element.ts';
import { createButton } from './toolkit.ts';
import type { ButtonElement } from './toolkit.ts';

export class Recorder {
  readonly element: HTMLElement;
  private readonly send: (request: Request) => Promise<Reply>;
  private readonly onProblem: (message: string) => void;
  private readonly recordButton: ButtonElement;
  private readonly saveButton: ButtonElement;
  private recording = false;
  private recorded = false;

  constructor(send: (request: Request) => Promise<Reply>, onProblem: (message: string) => void) {
    this.send = send;
    this.onProblem = onProblem;
    this.recordButton = createButton('Record', 'secondary', () => void this.toggle());
    this.saveButton = createButton('Save trace', 'secondary', () => void this.save());
    this.element = element('div', { class: 'recorder' }, this.recordButton, this.saveButton);
    this.draw(false);
  }

  draw(recording: boolean): void {
    this.recorded ||= recording;
    this.recording = recording;
    const text = recording ? '● Stop' : 'Record';
    if (this.recordButton.textContent !== text) this.recordButton.textContent = text;
    this.recordButton.setAttribute('aria-pressed', String(recording));
    this.saveButton.hidden = !this.recorded;
  }

  private async toggle(): Promise<void> {
    const reply = await this.send({ kind: 'record', on: !this.recording });
    if (reply.kind === 'error') this.onProblem(reply.message);
  }

  private async save(): Promise<void> {
    const reply = await this.send({ kind: 'trace' });
    if (reply.kind === 'error') return this.onProblem(reply.message);
    if (reply.kind !== 'trace') return;
    const blob = new Blob([new Uint8Array(reply.bytes)], { type: 'application/octet-stream' });
    const address = URL.createObjectURL(blob);
    const link = element('a', { href: address, download: 'recording.lsmtrace' });
    document.body.append(link);
    link.click();
    link.remove();
    URL.revokeObjectURL(address);
  }
}
