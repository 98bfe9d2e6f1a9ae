// Import: a file chosen here is read piece by piece and handed to the session, which reads its
// lines into the store. Malformed lines are counted and named.

import { formatOfName } from '../../src/protocol/importFormat.ts';
import type { ImportFormat, Progress, Reply, Request } from '../../src/protocol/messages.ts';
import { importEnded, progressText } from '../model/workWords.ts';
import { element, setText } from '../views/element.ts';
import { Popover, field } from './popover.ts';
import { createButton, createDropdown, createTextField } from './toolkit.ts';
import type { ButtonElement, TextFieldElement } from './toolkit.ts';
import type { WorkNotices } from './workNotices.ts';

/** Bytes handed over at a time. */
const PIECE_SIZE = 256 * 1024;
/** Malformed lines that are listed. */
const PROBLEMS_MAX = 8;

type ImportRequest = Extract<Request, { readonly kind: 'import' }>;

/** Hands a piece over; resolves when the session has taken it. */
export type SendPiece = (
  request: ImportRequest,
  onProgress: (progress: Progress) => void,
) => Promise<Reply>;

export class ImportMenu {
  readonly element: HTMLElement;
  private readonly popover: Popover;
  private readonly send: SendPiece;
  private readonly works: WorkNotices;
  private readonly file: HTMLInputElement;
  private readonly key: TextFieldElement;
  private readonly button: ButtonElement;
  private readonly stopButton: ButtonElement;
  private readonly status: HTMLElement;
  private format: ImportFormat | 'guess' = 'guess';
  private uploads = 0;
  private stopped = false;

  constructor(send: SendPiece, works: WorkNotices) {
    this.send = send;
    this.works = works;
    this.popover = new Popover('Import');
    this.element = this.popover.element;
    this.file = element('input', { type: 'file', accept: '.csv,.tsv,.txt,.jsonl,.ndjson' });
    this.file.setAttribute('aria-label', 'File to import');
    this.key = createTextField('Column or field that holds the key', 'name of a column or field');
    this.button = createButton('Import', 'primary', () => void this.start());
    this.stopButton = createButton('Stop', 'secondary', () => {
      this.stopped = true;
    });
    this.stopButton.disabled = true;
    this.status = element('div', { class: 'popover-status', role: 'status' });
    const formats = [
      ['guess', 'by its name'],
      ['csv', 'CSV'],
      ['tsv', 'TSV'],
      ['jsonl', 'JSON Lines'],
    ] as const;
    this.popover.panel.append(
      field('file', this.file),
      field(
        'format',
        createDropdown('Format', formats, 'guess', (value) => this.choose(value)),
      ),
      field('key', this.key),
      element('div', { class: 'buttons' }, this.button, this.stopButton),
      this.status,
    );
  }

  private choose(value: string): void {
    this.format = value === 'csv' || value === 'tsv' || value === 'jsonl' ? value : 'guess';
  }

  private async start(): Promise<void> {
    const file = this.file.files?.[0];
    const keyField = this.key.value.trim();
    if (file === undefined) return setText(this.status, 'Choose a file first.');
    if (keyField === '')
      return setText(this.status, 'Name the column or field that holds the key.');
    this.button.disabled = true;
    this.stopButton.disabled = false;
    this.stopped = false;
    const format = this.format === 'guess' ? guessFormat(file.name) : this.format;
    const reply = await this.works.during(
      `importing ${file.name}`,
      (onProgress, stop) => {
        stop(() => {
          this.stopped = true;
        });
        return this.upload(file, format, keyField, onProgress);
      },
      (ended) => importEnded(ended, this.stopped),
    );
    this.button.disabled = false;
    this.stopButton.disabled = true;
    setText(this.status, importText(reply, this.stopped));
  }

  /** One piece after the other; each waits for the last, so the session sets the pace. */
  private async upload(
    file: File,
    format: ImportFormat,
    keyField: string,
    onProgress: (progress: Progress) => void,
  ): Promise<Reply> {
    const tell = (progress: Progress): void => {
      setText(this.status, progressText(progress));
      onProgress(progress);
    };
    const upload = ++this.uploads;
    let reply: Reply = { kind: 'done' };
    for (let offset = 0; offset === 0 || offset < file.size; offset += PIECE_SIZE) {
      const end = Math.min(file.size, offset + PIECE_SIZE);
      const piece = new Uint8Array(await file.slice(offset, end).arrayBuffer());
      const last = this.stopped || end >= file.size;
      tell({ done: offset, total: file.size, unit: 'bytes', message: '' });
      reply = await this.send(
        {
          kind: 'import',
          upload,
          format,
          keyField,
          piece: this.stopped ? new Uint8Array() : piece,
          last,
        },
        tell,
      );
      if (last || reply.kind === 'error') break;
    }
    return reply;
  }
}

/** The format that a file's name speaks for; a list of columns where it speaks for none. */
export function guessFormat(name: string): ImportFormat {
  const known = formatOfName(name);
  if (known !== undefined) return known;
  if (/(^|\.)txt$/i.test(name)) return 'tsv';
  return /(^|\.)json$/i.test(name) ? 'jsonl' : 'csv';
}

function importText(reply: Reply, wasStopped: boolean): string {
  const sentence = importEnded(reply, wasStopped);
  if (reply.kind !== 'import') return sentence;
  const lines = reply.report.problems
    .slice(0, PROBLEMS_MAX)
    .map((problem) => `line ${problem.line}: ${problem.message}`);
  return [sentence, ...lines].join('\n');
}
