// What a store has promised so far: every state that its history went through, in order, and how
// far of it a kill and a power failure must leave. A state is known from the moment in which its
// write is asked for, as a crash may leave it from then on.

import { compareBytes, decodeHex, encodeHex, encodeUtf8 } from '../../../src/base/bytes.ts';

/**
 * A write: family, key, and the value, `undefined` for a removal, the end of a range, or a text
 * that is merged: it is appended behind a comma.
 */
export type Change = readonly [
  family: string,
  key: string,
  value: Uint8Array | undefined | { readonly to: string } | { readonly plus: string },
];

/** Keys (in hexadecimal, behind the family's label) and values. */
export type Content = ReadonlyMap<string, Uint8Array>;

/** All that an open store says it holds, by family. */
export type Found = ReadonlyMap<string, readonly (readonly [Uint8Array, Uint8Array])[]>;

export const DEFAULT = 'default';

/** A family's life: whether it must be there, must not, or may. */
interface FamilyFate {
  /** Counts the families that had this name. */
  readonly incarnation: number;
  readonly presence: 'there' | 'gone' | 'maybe';
  /** Before what is under way. */
  readonly before: 'there' | 'gone';
}

/** What a crash at one moment must leave. */
export class Promised {
  private readonly states: readonly Content[];
  private readonly families: ReadonlyMap<string, FamilyFate>;
  /** Last state of which the caller was told. */
  private readonly acknowledged: number;
  /** Last state that was promised to survive a power failure. */
  private readonly durable: number;
  /** States that had begun. */
  private readonly count: number;
  /** Time that the run has let pass: whoever goes on must do so later. */
  readonly elapsedSeconds: number;

  /** Keys that were ever in a state; may come to hold later ones, too. */
  private readonly written: ReadonlySet<string>;

  constructor(
    states: readonly Content[],
    families: ReadonlyMap<string, FamilyFate>,
    written: ReadonlySet<string>,
    figures: {
      readonly acknowledged: number;
      readonly durable: number;
      readonly elapsedSeconds: number;
    },
  ) {
    this.states = states;
    this.families = new Map(families);
    this.acknowledged = figures.acknowledged;
    this.durable = figures.durable;
    this.count = states.length;
    this.written = written;
    this.elapsedSeconds = figures.elapsedSeconds;
  }

  /**
   * Why `found` is none of the states that a crash may leave; `undefined` when it is one.
   * @param powerFailed what was acknowledged but not durable may then be lost.
   */
  faultIn(found: Found, powerFailed: boolean): string | undefined {
    for (const [name, { presence }] of this.families) {
      if (presence === 'there' && !found.has(name)) return `family ${name} is gone`;
      if (presence === 'gone' && found.has(name)) return `family ${name} is there`;
    }
    const content = this.contentOf(found);
    const least = powerFailed ? this.durable : this.acknowledged;
    for (let index = this.count - 1; index >= 0; index--) {
      if (!isSame(this.seen(index, found), content)) continue;
      if (index >= least) return undefined;
      return `it stands at state ${index}, it must keep ${least} of ${this.count - 1}`;
    }
    return `it stands at no state that it had; ${this.difference(found, content, least)}`;
  }

  /** Every key that was ever written and is not in `found`, by family of those found. */
  gone(found: Found): ReadonlyMap<string, readonly Uint8Array[]> {
    const content = this.contentOf(found);
    return new Map(
      [...found.keys()].map((name) => {
        const label = labelOf(name, this.families.get(name)?.incarnation ?? 0);
        const own = [...this.written].filter((key) => key.startsWith(label) && !content.has(key));
        return [name, own.map((key) => decodeHex(key.slice(label.length)))];
      }),
    );
  }

  /** The ledger of a store that was found in this state, all of it durable, and goes on. */
  settledAt(found: Found): Ledger {
    const families = new Map(this.families);
    for (const [name, fate] of families) {
      const presence = found.has(name) ? 'there' : 'gone';
      families.set(name, { ...fate, presence, before: presence });
    }
    return new Ledger(this.contentOf(found), families, this.elapsedSeconds);
  }

  private contentOf(found: Found): Content {
    const content = new Map<string, Uint8Array>();
    for (const [name, entries] of found) {
      const label = labelOf(name, this.families.get(name)?.incarnation ?? 0);
      for (const [key, value] of entries) content.set(label + encodeHex(key), value);
    }
    return content;
  }

  /** A state without the families that were not found: a dropped one takes its keys along. */
  private seen(index: number, found: Found): Content {
    const labels = new Set(
      [...found.keys()].map((name) => labelOf(name, this.families.get(name)?.incarnation ?? 0)),
    );
    const state = this.states[index]!;
    return new Map([...state].filter(([key]) => labels.has(key.slice(0, key.indexOf(':') + 1))));
  }

  /** Against the state that is most like it, of those that it may stand at. */
  private difference(found: Found, content: Content, least: number): string {
    let [nearest, fewest] = [least, Infinity];
    let wanted: Content = content;
    let different: readonly string[] = [];
    for (let index = least; index < this.count; index++) {
      const state = this.seen(index, found);
      const keys = [...new Set([...state.keys(), ...content.keys()])].sort();
      const own = keys.filter((key) => !isEqual(state.get(key), content.get(key)));
      if (own.length >= fewest) continue;
      [nearest, fewest, wanted, different] = [index, own.length, state, own];
    }
    const told = different.slice(0, 5).map((key) => {
      const [had, has] = [wanted.get(key), content.get(key)];
      const word = had === undefined ? 'new' : has === undefined ? 'missing' : 'other';
      return `${key.slice(0, key.indexOf(':') + 1)}${textOf(key)} ${word}`;
    });
    const more = different.length > 5 ? ', …' : '';
    const place = `state ${nearest} of ${least} to ${this.count - 1}`;
    return `against ${place}: ${told.join(', ')}${more}`;
  }
}

/** Written by a workload as it goes. */
export class Ledger {
  private states: Content[];
  private readonly families: Map<string, FamilyFate>;
  private acknowledged = 0;
  private durable = 0;
  private elapsedSeconds: number;
  private readonly written: Set<string>;

  constructor(
    content: Content = new Map(),
    families: ReadonlyMap<string, FamilyFate> = new Map(),
    elapsedSeconds = 0,
  ) {
    this.states = [content];
    this.written = new Set(content.keys());
    this.families = new Map(families);
    this.elapsedSeconds = elapsedSeconds;
  }

  /** What the store holds when nothing is under way. */
  get current(): Content {
    return this.states[this.acknowledged]!;
  }

  /** States so far. */
  get count(): number {
    return this.states.length;
  }

  /** What a crash now must leave. */
  get promised(): Promised {
    const { acknowledged, durable, elapsedSeconds } = this;
    const figures = { acknowledged, durable, elapsedSeconds };
    return new Promised(this.states, this.families, this.written, figures);
  }

  /** Number of the state of which the caller was told last. */
  get told(): number {
    return this.acknowledged;
  }

  /** The promise of another store that is to hold one of the states since number `first`. */
  copiedSince(first: number): Promised {
    const { elapsedSeconds } = this;
    const figures = { acknowledged: first, durable: first, elapsedSeconds };
    return new Promised(this.states, this.families, this.written, figures);
  }

  /** A write is asked for. */
  begin(changes: readonly Change[]): void {
    const after = this.after(this.states.at(-1)!, changes);
    for (const key of after.keys()) this.written.add(key);
    this.states.push(after);
  }

  /** Everything that was asked for is done, or what was asked for up to a state. */
  acknowledge(durable: boolean, state: number = this.states.length - 1): void {
    this.acknowledged = Math.max(this.acknowledged, state);
    if (durable) this.durable = Math.max(this.durable, state);
  }

  /** Time passes, and what expires by it is gone at once, for good. All before must be durable. */
  elapse(seconds: number, expired: readonly Change[]): void {
    this.elapsedSeconds += seconds;
    this.begin(expired);
    this.acknowledge(true);
  }

  /** Nothing of what is under way was done. */
  withdraw(): void {
    // Promises of moments before go on with the states that they have.
    this.states = this.states.slice(0, this.acknowledged + 1);
    for (const [name, fate] of this.families) {
      this.families.set(name, { ...fate, presence: fate.before });
    }
  }

  /** What is under way was not done, but something else was, and is durable. */
  replace(changes: readonly Change[]): void {
    this.withdraw();
    this.begin(changes);
    this.acknowledge(true);
  }

  /** A value of the default family, or of another. */
  value(family: string, key: string): Uint8Array | undefined {
    return this.current.get(this.labelOf(family) + hexOf(key));
  }

  beginFamily(name: string): void {
    const incarnation = (this.families.get(name)?.incarnation ?? 0) + 1;
    this.families.set(name, { incarnation, presence: 'maybe', before: 'gone' });
  }

  beginDrop(name: string): void {
    this.families.set(name, { ...this.families.get(name)!, presence: 'maybe' });
  }

  /** The family was made, or dropped. */
  settleFamily(name: string, presence: 'there' | 'gone'): void {
    this.families.set(name, { ...this.families.get(name)!, presence, before: presence });
  }

  private after(content: Content, changes: readonly Change[]): Content {
    const after = new Map(content);
    for (const [family, key, value] of changes) {
      const label = this.labelOf(family);
      if (value === undefined) after.delete(label + hexOf(key));
      else if (value instanceof Uint8Array) after.set(label + hexOf(key), value);
      else if ('plus' in value) append(after, label + hexOf(key), value.plus);
      else {
        const [from, to] = [label + hexOf(key), label + hexOf(value.to)];
        for (const held of after.keys()) if (held >= from && held < to) after.delete(held);
      }
    }
    return after;
  }

  private labelOf(family: string): string {
    return labelOf(family, this.families.get(family)?.incarnation ?? 0);
  }
}

function append(content: Map<string, Uint8Array>, key: string, text: string): void {
  const base = content.get(key);
  const operand = encodeUtf8(text);
  content.set(key, base === undefined ? operand : Uint8Array.of(...base, 0x2c, ...operand));
}

function labelOf(family: string, incarnation: number): string {
  return `${family}#${incarnation}:`;
}

function hexOf(key: string): string {
  return Buffer.from(key).toString('hex');
}

function textOf(key: string): string {
  return Buffer.from(decodeHex(key.slice(key.indexOf(':') + 1))).toString();
}

function isSame(left: Content, right: Content): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left) if (!isEqual(value, right.get(key))) return false;
  return true;
}

function isEqual(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return compareBytes(left, right) === 0;
}
