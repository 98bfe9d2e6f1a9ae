// Reads OpenMetrics text by the specification's grammar (version 1.0.0, "ABNF" and "Metric types"),
// and refuses whatever breaks one of its rules.

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly help: string;
  readonly samples: ParsedSample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const DESCRIPTOR = /^# (TYPE|UNIT|HELP) ([^ ]+) (.*)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([^ ]+)$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  gauge: [''],
  counter: ['_total'],
  histogram: ['_bucket', '_count', '_sum'],
};

/** The families, by their names. */
export function parseOpenMetrics(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith('# EOF\n')) throw new Error('it must end with "# EOF" and a line feed');
  const families = new Map<string, ParsedFamily>();
  let current: { -readonly [Field in keyof ParsedFamily]: ParsedFamily[Field] } | undefined;
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const descriptor = DESCRIPTOR.exec(line);
    if (descriptor !== null) {
      const [, keyword, name = '', rest = ''] = descriptor;
      if (current?.name !== name) {
        if (!NAME.test(name) || families.has(name)) throw new Error(`the family ${name}: ${line}`);
        current = { name, type: 'unknown', unit: '', help: '', samples: [] };
        families.set(name, current);
      }
      if (current.samples.length > 0) throw new Error(`a descriptor after samples: ${line}`);
      if (keyword === 'TYPE') current.type = rest;
      else if (keyword === 'UNIT') current.unit = rest;
      else current.help = unescaped(rest);
      continue;
    }
    if (current === undefined) throw new Error(`a sample of no family: ${line}`);
    current.samples.push(parseSample(line));
  }
  for (const family of families.values()) checkFamily(family);
  return families;
}

function parseSample(line: string): ParsedSample {
  const match = SAMPLE.exec(line);
  if (match === null) throw new Error(`no sample: ${line}`);
  const [, name = '', labelText = '', number = ''] = match;
  if (!NUMBER.test(number)) throw new Error(`no number: ${line}`);
  const labels: Record<string, string> = {};
  for (let rest = labelText; rest !== '';) {
    const label = LABEL.exec(rest);
    if (label === null || label[1]! in labels) throw new Error(`labels: ${line}`);
    labels[label[1]!] = unescaped(label[2]!);
    rest = rest.slice(label[0].length);
  }
  return { name, labels, value: Number(number) };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character));
}

function checkFamily({ name, type, unit, help, samples }: ParsedFamily): void {
  const suffixes = SUFFIXES[type];
  if (suffixes === undefined) throw new Error(`${name} is of type ${type}`);
  if (unit !== '' && !name.endsWith(`_${unit}`)) throw new Error(`${name} does not end in ${unit}`);
  if (help === '') throw new Error(`${name} has no help`);
  const seen = new Set<string>();
  for (const sample of samples) {
    if (!suffixes.some((suffix) => sample.name === name + suffix)) throw new Error(sample.name);
    const identity = sample.name + labelText(sample.labels);
    if (seen.has(identity)) throw new Error(`twice: ${identity}`);
    seen.add(identity);
    if (type !== 'gauge' && sample.value < 0) throw new Error(`${sample.name} is negative`);
  }
  if (type === 'histogram') checkHistogram(name, samples);
}

/** Labels as one text, whatever their order. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.toSorted((left, right) => (left < right ? -1 : 1)).join();
}

function checkHistogram(name: string, samples: readonly ParsedSample[]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => Number(labels['le']!.replace('+Inf', 'Infinity')));
  const isAscending = (values: readonly number[], strictly: boolean): boolean =>
    values.every(
      (value, at) => at === 0 || value > values[at - 1]! || (!strictly && value === values[at - 1]),
    );
  const counts = buckets.map(({ value }) => value);
  const count = samples.find((sample) => sample.name === `${name}_count`)?.value;
  if (!isAscending(bounds, true) || bounds.at(-1) !== Infinity) throw new Error(`${name}: bounds`);
  if (!isAscending(counts, false) || counts.at(-1) !== count) throw new Error(`${name}: counts`);
}
