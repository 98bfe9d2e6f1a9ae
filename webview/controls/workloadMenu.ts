// Workloads: generated streams of operations to see the tree at work, with how many and how fast.

import type {
  Progress,
  Reply,
  WorkloadName,
  WorkloadOptions,
} from '../../src/protocol/messages.ts';
import { WORKLOAD_NAMES } from '../../src/protocol/messages.ts';
import { formatCount, formatMicros } from '../model/format.ts';
import { progressText } from '../model/workWords.ts';
import { element, setText } from '../views/element.ts';
import { Popover, field } from './popover.ts';
import { createButton, createDropdown, createTextField } from './toolkit.ts';
import type { ButtonElement, TextFieldElement } from './toolkit.ts';

const WORDS: Readonly<Record<WorkloadName, string>> = {
  users: 'users: the usage example',
  sequential: 'sequential: ascending keys',
  uniform: 'uniform: every key alike',
  zipfian: 'zipfian: few keys, often',
  'delete-heavy': 'delete-heavy',
  'ycsb-a': 'YCSB A: half updates',
  'ycsb-b': 'YCSB B: mostly reads',
  'ycsb-c': 'YCSB C: only reads',
  'ycsb-d': 'YCSB D: read the latest',
  'ycsb-e': 'YCSB E: short scans',
  'ycsb-f': 'YCSB F: read, change, write',
};

/** Starts a workload; `stop` receives a function that cancels it. */
export type RunWorkload = (
  workload: WorkloadOptions,
  onProgress: (progress: Progress) => void,
  stop: (cancel: () => void) => void,
) => Promise<Reply>;

export class WorkloadMenu {
  readonly element: HTMLElement;
  private readonly popover: Popover;
  private readonly run: RunWorkload;
  private name: WorkloadName = 'users';
  private readonly operations: TextFieldElement;
  private readonly records: TextFieldElement;
  private readonly valueSize: TextFieldElement;
  private readonly rate: TextFieldElement;
  private readonly startButton: ButtonElement;
  private readonly stopButton: ButtonElement;
  private readonly status: HTMLElement;
  private cancel: () => void = () => {};

  constructor(run: RunWorkload) {
    this.run = run;
    this.popover = new Popover('Workload');
    this.element = this.popover.element;
    this.operations = createTextField('Operations', '', '2000');
    this.records = createTextField('Keys', '', '1000');
    this.valueSize = createTextField('Bytes a value', '', '100');
    this.rate = createTextField(
      'Operations a second, empty for as fast as it goes',
      'as fast as it goes',
    );
    this.startButton = createButton('Run', 'primary', () => void this.start());
    this.stopButton = createButton('Stop', 'secondary', () => this.cancel());
    this.stopButton.disabled = true;
    this.status = element('div', { class: 'popover-status', role: 'status' });
    const names = WORKLOAD_NAMES.map((name) => [name, WORDS[name]] as const);
    this.popover.panel.append(
      field(
        'workload',
        createDropdown('Workload', names, this.name, (name) => this.choose(name)),
      ),
      field('operations', this.operations),
      field('keys', this.records),
      field('bytes a value', this.valueSize),
      field('a second', this.rate),
      element('div', { class: 'buttons' }, this.startButton, this.stopButton),
      this.status,
    );
  }

  private choose(name: string): void {
    const known = WORKLOAD_NAMES.find((candidate) => candidate === name);
    if (known !== undefined) this.name = known;
  }

  private async start(): Promise<void> {
    const workload = this.options();
    if (typeof workload === 'string') return setText(this.status, workload);
    this.startButton.disabled = true;
    this.stopButton.disabled = false;
    const reply = await this.run(
      workload,
      (progress) => setText(this.status, progressText(progress)),
      (cancel) => {
        this.cancel = cancel;
      },
    );
    this.startButton.disabled = false;
    this.stopButton.disabled = true;
    setText(this.status, replyText(reply));
  }

  /** The options, or what is wrong with them. */
  private options(): WorkloadOptions | string {
    const operations = wholeNumber(this.operations.value, 1);
    const records = wholeNumber(this.records.value, 1);
    const valueSizeBytes = wholeNumber(this.valueSize.value, 0);
    const operationsPerSecond = this.rate.value.trim() === '' ? 0 : wholeNumber(this.rate.value, 1);
    if (
      operations === undefined ||
      records === undefined ||
      valueSizeBytes === undefined ||
      operationsPerSecond === undefined
    ) {
      return 'Operations, keys, bytes and rate are whole numbers.';
    }
    return { name: this.name, operations, records, valueSizeBytes, seed: 1, operationsPerSecond };
  }
}

function wholeNumber(text: string, least: number): number | undefined {
  const number = Number(text.replaceAll(/[\s_]/g, ''));
  return Number.isSafeInteger(number) && number >= least ? number : undefined;
}

function replyText(reply: Reply): string {
  if (reply.kind === 'error') return reply.message;
  if (reply.kind !== 'workload') return 'Done.';
  return `${formatCount(reply.operations)} operations in ${formatMicros(reply.durationMicros)}.`;
}
