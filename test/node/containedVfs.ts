// Node's disk, which tells who leaves the directory that was chosen.

import path from 'node:path';
import { NodeVfs } from '../../src/node/nodeVfs.ts';

/** Notes each file or directory outside of one directory that is asked for. */
export class ContainedVfs extends NodeVfs {
  readonly outside: string[] = [];
  private readonly inside: string;

  constructor(inside: string) {
    super();
    this.inside = inside;
  }

  override open(...parameters: Parameters<NodeVfs['open']>): ReturnType<NodeVfs['open']> {
    this.note(parameters[0]);
    return super.open(...parameters);
  }

  override list(directory: string): string[] {
    this.note(directory);
    return super.list(directory);
  }

  override rename(from: string, to: string): void {
    this.note(from);
    this.note(to);
    super.rename(from, to);
  }

  override link(from: string, to: string): void {
    this.note(from);
    this.note(to);
    super.link(from, to);
  }

  override remove(name: string): void {
    this.note(name);
    super.remove(name);
  }

  private note(name: string): void {
    const whole = path.resolve(name);
    if (whole !== this.inside && path.dirname(whole) !== this.inside) this.outside.push(whole);
  }
}
